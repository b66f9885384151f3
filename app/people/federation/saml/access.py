"""What SAML stands on: our own key, the identity provider's metadata, and the toolkit over both.

All of it is read anew each time, so that a file that was exchanged counts at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from app.kernel.secret_files import keep_first
from app.kernel.settings import Settings, SettingsError

#: Our key and its certificate, one file, so that they always belong together.
PAIR = "saml.pem"
#: The certificate that will follow, while the provider is being told of it.
NEXT_PAIR = "saml-next.pem"
#: Days that a certificate of ours holds.
DAYS = 3650


@dataclass(frozen=True)
class Addresses:
    """Our addresses, as the identity provider knows them."""

    #: Our entity ID; our metadata is there, too.
    entity: str
    #: Where assertions are sent (the assertion consumer service).
    consumer: str
    #: Where the answer to a logout is sent.
    logout: str

    def request(self, address: str, **data: object) -> dict[str, Any]:
        """Return the request that the toolkit compares with: at our address as it is known."""
        parts = urlsplit(address)
        return {
            "https": "on" if parts.scheme == "https" else "off",
            "http_host": parts.netloc,
            "script_name": parts.path,
            "get_data": {},
            **data,
        }


def toolkit(settings: Settings, addresses: Addresses) -> OneLogin_Saml2_Settings:
    """Return the toolkit's settings; raises SettingsError where the metadata does not do."""
    pair = (settings.instance / PAIR).read_text()
    following = settings.instance / NEXT_PAIR
    own: dict[str, Any] = {
        "entityId": addresses.entity,
        "assertionConsumerService": {"url": addresses.consumer},
        "singleLogoutService": {"url": addresses.logout},
        "privateKey": _part(pair, "PRIVATE KEY"),
        "x509cert": _part(pair, "CERTIFICATE"),
    }
    if following.exists():
        own["x509certNew"] = _part(following.read_text(), "CERTIFICATE")
    try:
        return OneLogin_Saml2_Settings(
            {"strict": True, "sp": own, "idp": _provider(settings), "security": _security(settings)}
        )
    except OneLogin_Saml2_Error as error:
        raise SettingsError(f"KENSHU_SAML_METADATA cannot be used: {error}") from error


def _security(settings: Settings) -> dict[str, Any]:
    return {
        "authnRequestsSigned": True,
        "logoutRequestSigned": True,
        "wantAssertionsSigned": True,
        # Either may stand for the staff number; only the one that is used has to be there.
        "wantAttributeStatement": bool(settings.saml_number_attribute),
        "wantNameId": not settings.saml_number_attribute,
        # How people prove who they are is the provider's to choose: it may ask for more than a
        # password, and would refuse where a password was asked for.
        "requestedAuthnContext": False,
        "rejectDeprecatedAlgorithm": True,
        "allowSingleLabelDomains": True,
        # Metadata is carried over by hand: it would expire before anybody looks at it again.
        "metadataValidUntil": "",
        "metadataCacheDuration": "",
    }


def _provider(settings: Settings) -> dict[str, Any]:
    """Return the identity provider of the metadata file, in the toolkit's words."""
    path = Path(settings.saml_metadata)
    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(path.read_bytes()).get("idp", {})
    except (etree.LxmlError, ValueError, OSError) as error:
        raise SettingsError(f"KENSHU_SAML_METADATA cannot be read: {path}: {error}") from error
    if not found.get("entityId") or not found.get("singleSignOnService"):
        raise SettingsError(
            f"KENSHU_SAML_METADATA names no identity provider with HTTP-Redirect: {path}"
        )
    return dict(found)


def _part(pem: str, label: str) -> str:
    begin, end = f"-----BEGIN {label}-----", f"-----END {label}-----"
    return begin + pem.partition(begin)[2].partition(end)[0] + end


def make_pair(settings: Settings, now: datetime) -> None:
    """Make our key and a certificate of its own signature, where there is none yet."""
    path = settings.instance / PAIR
    if path.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, urlsplit(settings.office_origin).hostname or "-")]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks differ
        .not_valid_after(now + timedelta(days=DAYS))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    keep_first(path, (private + certificate.public_bytes(serialization.Encoding.PEM)).decode())
