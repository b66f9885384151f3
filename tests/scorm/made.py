"""Manifests made for tests: small, and as odd as a test wants them."""

from scorm.manifest import Manifest, parse

SPACES = {
    "1.2": (
        'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
    ),
    "2004": (
        'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" '
        'xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" '
        'xmlns:imsss="http://www.imsglobal.org/xsd/imsss"'
    ),
}
ITEM = '<item identifier="I" identifierref="R"><title>項目</title></item>'
RESOURCE = (
    '<resource identifier="R" type="webcontent" adlcp:scormtype="sco" href="index.html">'
    '<file href="index.html"/></resource>'
)


def organization(items: str = ITEM, *, identifier: str = "O") -> str:
    """Write a course of these items."""
    return f'<organization identifier="{identifier}"><title>講座</title>{items}</organization>'


def text(
    items: str = ITEM,
    resources: str = RESOURCE,
    *,
    version: str | None = "1.2",
    organizations: str | None = None,
    default: str | None = "O",
    base: str = "",
    below: str = "",
) -> str:
    """Write a manifest without XML declaration; what is not said is without fault.

    `version` is the schemaversion, `organizations` stands in for `items`, `base` is attributes of
    the root, `below` what follows the resources.
    """
    spaces = SPACES["1.2" if version in {None, "1.2"} else "2004"]
    said = f"<metadata><schemaversion>{version}</schemaversion></metadata>" if version else ""
    named = f' default="{default}"' if default else ""
    courses = organization(items) if organizations is None else organizations
    return (
        f'<manifest identifier="M" {spaces} {base}>{said}'
        f"<organizations{named}>{courses}</organizations>"
        f"<resources>{resources}</resources>{below}</manifest>"
    )


def manifest(
    items: str = ITEM,
    resources: str = RESOURCE,
    *,
    version: str | None = "1.2",
    organizations: str | None = None,
    default: str | None = "O",
    base: str = "",
    below: str = "",
) -> Manifest:
    """Read what `text` writes."""
    written = text(
        items,
        resources,
        version=version,
        organizations=organizations,
        default=default,
        base=base,
        below=below,
    )
    return parse(written.encode())
