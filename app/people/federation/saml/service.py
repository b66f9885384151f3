"""The web browser profile of SAML 2.0 (Profiles, 4.1) and single logout, up to the staff number.

python3-saml verifies signatures and most of the rest. What it leaves open is closed here: it takes
an answer without InResponseTo, without audience or recipient, and has xmlsec run whatever
transforms and references a signature names before it knows whose signature it is.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xmlsec
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.logout_response import OneLogin_Saml2_Logout_Response
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.utils import OneLogin_Saml2_Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.federation.saml import access
from app.people.federation.saml.access import Addresses

#: Characters of an answer that are looked at; a real one has a tenth of them.
MOST = 200_000
#: What a signature may do with a part before it is digested (SAML Core, 5.4.4).
TRANSFORMS = frozenset(
    {
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    }
)
#: SAML's moments are in UTC (Core, 1.3.3).
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
MOMENTS = ("IssueInstant", "NotBefore", "NotOnOrAfter", "SessionNotOnOrAfter", "AuthnInstant")
#: Whoever cancels at the provider comes back with one of these.
CANCELLED = ("AuthnFailed", "RequestDenied")

#: What python3-saml's numbers mean: wrong_audience, invalid_signature…
_REASONS = {
    number: name.lower()
    for name, number in vars(OneLogin_Saml2_ValidationError).items()
    if isinstance(number, int)
}
#: All that a message can bring about in the libraries.
_FAULTS = (
    OneLogin_Saml2_Error,
    etree.LxmlError,
    xmlsec.Error,
    ValueError,
    LookupError,
    TypeError,
)


@dataclass(frozen=True)
class Asserted:
    """What a valid assertion says that we use."""

    number: str
    assertion_id: str
    expires_at: datetime
    #: What ends the provider's session again; empty where it has no single logout.
    came_by: Mapping[str, str]


def metadata(settings: Settings, addresses: Addresses) -> bytes:
    """Return what the identity provider has to know of us."""
    described: str | bytes = access.toolkit(settings, addresses).get_sp_metadata()
    return described.encode() if isinstance(described, str) else described


def begin(settings: Settings, addresses: Addresses) -> tuple[str, str, dict[str, str]]:
    """Return where to send the browser, the RelayState, and what the answer must fit."""
    toolkit = OneLogin_Saml2_Auth(
        addresses.request(addresses.consumer), access.toolkit(settings, addresses)
    )
    relay_state = secrets.token_urlsafe(32)
    address: str = toolkit.login(return_to=relay_state, set_nameid_policy=False)
    return address, relay_state, {"request": toolkit.get_last_request_id()}


def asserted(settings: Settings, addresses: Addresses, answer: str, request_id: str) -> Asserted:
    """Return what the provider's answer to a request of ours says, once all of it holds.

    Raises Refused with the reason for the log and the audit.
    """
    toolkit = access.toolkit(settings, addresses)
    if len(answer) > MOST:
        raise Refused("provider_unusable", reason="too_large")
    try:
        _check_shape(OneLogin_Saml2_XML.to_etree(OneLogin_Saml2_Utils.b64decode(answer)))
        response = OneLogin_Saml2_Response(toolkit, answer)
        _check_status(response)
        response.is_valid(addresses.request(addresses.consumer), request_id, raise_exceptions=True)
        expires_at = _check_bearer(response, addresses, request_id)
        return Asserted(
            number=_number(response, settings.saml_number_attribute),
            assertion_id=response.get_assertion_id(),
            expires_at=expires_at,
            came_by=_came_by(response) if toolkit.get_idp_slo_url() else {},
        )
    except OneLogin_Saml2_ValidationError as error:
        raise Refused("provider_unusable", reason=_REASONS[error.code]) from error
    except _FAULTS as error:
        raise Refused("provider_unusable", reason=type(error).__name__) from error


def leave(
    settings: Settings, addresses: Addresses, came_by: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return where the provider ends its own sign-in, and our request's ID.

    None where it offers no such thing, or has not said who it is.
    """
    toolkit = access.toolkit(settings, addresses)
    if not toolkit.get_idp_slo_url() or not came_by.get("name_id"):
        return None
    auth = OneLogin_Saml2_Auth(addresses.request(addresses.logout), toolkit)
    address: str = auth.logout(
        return_to=addresses.logout,
        name_id=came_by["name_id"],
        session_index=came_by.get("session_index"),
        nq=came_by.get("name_qualifier"),
        name_id_format=came_by.get("format"),
        spnq=came_by.get("sp_name_qualifier"),
    )
    return address, auth.get_last_request_id()


def has_left(
    settings: Settings,
    addresses: Addresses,
    given: Mapping[str, str],
    query: str,
    request_id: str,
) -> bool:
    """Whether the provider says, signed and in answer to us, that its sign-in has ended."""
    toolkit = access.toolkit(settings, addresses)
    request = addresses.request(
        addresses.logout,
        get_data=dict(given),
        query_string=query,
        validate_signature_from_qs=True,
    )
    if not given.get("Signature") or len(given.get("SAMLResponse", "")) > MOST:
        return False
    try:
        response = OneLogin_Saml2_Logout_Response(toolkit, given.get("SAMLResponse", ""))
        is_signed = OneLogin_Saml2_Auth(request, toolkit).validate_response_signature(dict(given))
        return bool(
            is_signed
            and response.is_valid(request, request_id)
            and response.get_in_response_to() == request_id
            and response.get_issuer() == toolkit.get_idp_data()["entityId"]
            and response.get_status() == Names.STATUS_SUCCESS
        )
    except _FAULTS:
        return False


def _check_shape(root: Any) -> None:
    """Refuse what no provider sends, before any library acts upon it.

    Encryption: our metadata offers no key for it. Signatures that refer to more than the part they
    stand in, or transform it: xmlsec would fetch and compute what a stranger wrote.
    """
    for element in root.iter():
        if element.tag.startswith(f"{{{Names.NS_XENC}}}"):
            raise Refused("provider_unusable", reason="encrypted")
        for name in MOMENTS:
            if not MOMENT.fullmatch(element.get(name, "1970-01-01T00:00:00Z")):
                raise Refused("provider_unusable", reason="wrong_moment")
    names = {"ds": Names.NS_DS}
    for signature in root.iter(f"{{{Names.NS_DS}}}Signature"):
        references = signature.xpath(".//ds:Reference", namespaces=names)
        methods = signature.xpath(".//ds:Transform|.//ds:CanonicalizationMethod", namespaces=names)
        strangers = signature.xpath(".//ds:Object|.//ds:RetrievalMethod", namespaces=names)
        whole = [f"#{signature.getparent().get('ID')}"] if signature.getparent() is not None else []
        if (
            [reference.get("URI") for reference in references] != whole
            or {method.get("Algorithm") for method in methods} - TRANSFORMS
            or strangers
        ):
            raise Refused("provider_unusable", reason="wrong_signature_shape")


def _check_status(response: OneLogin_Saml2_Response) -> None:
    """Tell apart whoever has cancelled at the provider; the rest is left to the toolkit."""
    codes = response.document.xpath(
        "/samlp:Response/samlp:Status//samlp:StatusCode/@Value", namespaces=Names.NSMAP
    )
    for code in codes:
        if code.rpartition(":")[2] in CANCELLED:
            raise Refused("sign_on_denied", reason="cancelled")


def _check_bearer(
    response: OneLogin_Saml2_Response, addresses: Addresses, request_id: str
) -> datetime:
    """Return until when the assertion may be used; refuse one that was not made for this request.

    The toolkit takes each of these where it is absent. The assertion is the one whose signature was
    verified: the only one, and directly below the response (`is_valid`).
    """
    found = response.document.find("saml:Assertion", Names.NSMAP)
    restrictions = found.findall("saml:Conditions/saml:AudienceRestriction", Names.NSMAP)
    if not restrictions or not all(
        addresses.entity in [audience.text for audience in restriction]
        for restriction in restrictions
    ):
        raise Refused("provider_unusable", reason="wrong_audience")
    if response.get_in_response_to() != request_id:
        raise Refused("provider_unusable", reason="unsolicited")
    path = f"saml:Subject/saml:SubjectConfirmation[@Method='{Names.CM_BEARER}']"
    confirmations = found.findall(f"{path}/saml:SubjectConfirmationData", Names.NSMAP)
    moments = [
        datetime.fromisoformat(data.get("NotOnOrAfter"))
        for data in confirmations
        if data.get("InResponseTo") == request_id
        and data.get("Recipient") == addresses.consumer
        and data.get("NotOnOrAfter")
    ]
    if len(moments) != len(confirmations) or not moments:
        raise Refused("provider_unusable", reason="wrong_confirmation")
    return max(moments)


def _number(response: OneLogin_Saml2_Response, attribute: str) -> str:
    told = response.get_attributes().get(attribute, []) if attribute else [response.get_nameid()]
    if len(told) != 1 or not isinstance(told[0], str) or not told[0].strip():
        raise Refused("number_missing", reason="number_missing")
    return told[0]


def _came_by(response: OneLogin_Saml2_Response) -> dict[str, str]:
    told = {
        "name_id": response.get_nameid(),
        "format": response.get_nameid_format(),
        "name_qualifier": response.get_nameid_nq(),
        "sp_name_qualifier": response.get_nameid_spnq(),
        "session_index": response.get_session_index(),
    }
    return {name: value for name, value in told.items() if value}
