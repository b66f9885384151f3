"""Whether a signature was made by the key of a certificate: the mathematics of `xapi.signature`."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_HASHES = {"RS256": hashes.SHA256(), "RS384": hashes.SHA384(), "RS512": hashes.SHA512()}


def is_signed_by(algorithm: str, signed: bytes, signature: bytes, certificate: bytes) -> bool:
    """Whether the key of a certificate (DER) has made this signature (RFC 7518, 3.3).

    Whose the certificate is, and who vouches for it, is for the reader of the statement to judge.
    """
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            return False
        key.verify(signature, signed, padding.PKCS1v15(), _HASHES[algorithm])
    except (InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion, ValueError):
        return False
    return True
