"""The authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1), up to the staff number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.federation.oidc import access

#: What an ID token may be signed with, whatever its header and the provider's document say: the
#: provider's private key. Neither nothing nor a secret that we share.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
)  # fmt: skip
#: Seconds by which the provider's clock may differ from ours.
SKEW = 60


def begin(settings: Settings, callback: str) -> tuple[str, str, dict[str, str]]:
    """Return where to send the browser, the state, and what the answer must fit.

    Raises Refused where the provider does not say where that is.
    """
    found = access.provider(settings)
    state, nonce, verifier = (generate_token(48) for _ in range(3))
    address, _ = access.client(settings, callback).create_authorization_url(
        found.authorization, state=state, nonce=nonce, code_verifier=verifier
    )
    return address, state, {"nonce": nonce, "verifier": verifier}


def number(
    settings: Settings,
    callback: str,
    answer: Mapping[str, str],
    proof: Mapping[str, str],
    now: datetime,
) -> str:
    """Return the staff number that the provider vouches for; raises Refused where there is none.

    `answer` is what came back by the browser: code, or error; iss, where the provider tells it
    (RFC 9207).
    """
    if answer.get("error"):
        denied = answer["error"] == "access_denied"
        code = "sign_on_denied" if denied else "provider_unusable"
        raise Refused(code, reason=access.code_of(answer["error"]))
    if answer.get("iss", settings.oidc_issuer) != settings.oidc_issuer or not answer.get("code"):
        raise Refused("provider_unusable", reason="wrong_answer")
    found = access.provider(settings)
    token = access.token(settings, found, callback, answer["code"], proof["verifier"])
    keys = cast("KeySetSerialization", access.keys(settings, found))
    claims = _validated(settings, keys, token, proof["nonce"], now)
    told = claims.get(settings.oidc_number_claim)
    if not isinstance(told, str) or not told.strip():
        raise Refused("number_missing", reason="number_missing")
    return told


def leave(settings: Settings, back: str) -> tuple[str, str] | None:
    """Return where the provider ends its own sign-in, and the state it will come back with.

    None where it offers no such thing (OpenID Connect RP-Initiated Logout 1.0). It knows us by our
    client ID: the ID token, which would hint at who it is, is kept nowhere.
    """
    found = access.provider(settings)
    if found.end_session is None:
        return None
    state = generate_token(24)
    parameters = {
        "client_id": settings.oidc_client_id,
        "post_logout_redirect_uri": back,
        "state": state,
    }
    return add_params_to_uri(found.end_session, sorted(parameters.items())), state


def _validated(
    settings: Settings,
    keys: KeySetSerialization,
    token: Mapping[str, Any],
    nonce: str,
    now: datetime,
) -> CodeIDToken:
    """Return the claims of an ID token that holds in all its parts (3.1.3.7)."""
    try:
        decoded = jwt.decode(
            token["id_token"],
            KeySet.import_key_set(keys),
            registry=JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False),
        )
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": settings.oidc_issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
            },
            {
                "nonce": nonce,
                "client_id": settings.oidc_client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(now.timestamp()), leeway=SKEW)
    except ClaimError as error:
        raise Refused("provider_unusable", reason=f"{error.error}:{error.claim}") from error
    except JoseError as error:
        raise Refused("provider_unusable", reason=error.error) from error
    except (LookupError, ValueError, TypeError) as error:
        raise Refused("provider_unusable", reason="no_id_token") from error
    return claims
