"""imsmanifest.xml → Manifest: read leniently, as what is odd is for `scorm.findings` to tell.

Names are compared without their namespace and case, since packages mix those of both versions.
What cannot be read at all raises; everything else gets the value the books give as default.
"""

from collections import Counter
from typing import Final

from lxml import etree

from scorm.edition import Edition
from scorm.manifest_sequencing import (
    collections,
    parts_of,
    passing_score,
    sequencing_of,
    time_limit,
)
from scorm.structure import (
    CompletionThreshold,
    DataMap,
    Item,
    Manifest,
    Organization,
    Resource,
    ResourceType,
    from_document,
    leaves,
    to_document,
    walk,
)
from scorm.urls import append_parameters, join
from scorm.xml import XmlError, attribute, child, child_text, children, local_name
from scorm.xml import parse as parse_xml

__all__ = [
    "CompletionThreshold",
    "DataMap",
    "Edition",
    "Item",
    "Manifest",
    "ManifestError",
    "Organization",
    "Resource",
    "edition_of_schema_version",
    "from_document",
    "leaves",
    "parse",
    "to_document",
    "walk",
]

_XML_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_SCHEMA_VERSIONS: Final = {
    "1.2": Edition.SCORM_12,
    "1.1": Edition.SCORM_12,
    "cam 1.3": Edition.SCORM_2004_2,
    "1.3": Edition.SCORM_2004_2,
    "2004 2nd edition": Edition.SCORM_2004_2,
    "2004 3rd edition": Edition.SCORM_2004_3,
    "2004 4th edition": Edition.SCORM_2004_4,
}


class ManifestError(ValueError):
    """The bytes are no manifest: `not_a_manifest` (data: root), or a code of `scorm.xml.parse`."""

    def __init__(self, code: str, data: dict[str, str | int]) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


def parse(data: bytes) -> Manifest:
    """Return what an imsmanifest.xml says; raises ManifestError where it says nothing."""
    try:
        root = parse_xml(data)
    except XmlError as error:
        raise ManifestError(error.code, error.data) from error
    if local_name(root.tag) != "manifest":
        raise ManifestError("not_a_manifest", {"root": local_name(root.tag)})
    return _Reader(root).manifest()


class _Reader:
    """One reading of one manifest: it keeps the resources found and the identifiers in use."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        metadata = child(root, "metadata")
        self._schema_version = (
            child_text(metadata, "schemaversion") if metadata is not None else None
        )
        self._edition = edition_of_schema_version(self._schema_version) or _edition_of_names(root)
        self._collected = collections(root)
        self._used: Counter[str] = Counter()
        self._taken: set[str] = set()
        self._missing = 0
        self._resources = tuple(_resources(root, ""))
        # The first of two resources of one name wins, as in every player we know of.
        self._by_identifier = {found.identifier: found for found in reversed(self._resources)}

    def manifest(self) -> Manifest:
        tree = child(self._root, "organizations")
        organizations = (
            tuple(self._organization(found) for found in children(tree, "organization"))
            if tree is not None
            else ()
        )
        used = self._used + Counter(found.identifier for found in self._resources)
        return Manifest(
            edition=self._edition,
            schema_version=self._schema_version,
            identifier=attribute(self._root, "identifier") or "",
            default_organization=attribute(tree, "default") if tree is not None else None,
            organizations=organizations,
            resources=self._resources,
            duplicate_identifiers=tuple(sorted(name for name, times in used.items() if times > 1)),
            missing_identifiers=self._missing,
            submanifests=sum(1 for _ in _submanifests(self._root)),
        )

    def _identifier(self, element: etree._Element) -> str:
        """Return a name that no other item bears: the one written, or it with a number added."""
        written = attribute(element, "identifier")
        if written is None:
            self._missing += 1
            written = f"#{self._missing}"
        else:
            self._used[written] += 1
        unique, times = written, 2
        while unique in self._taken:
            unique, times = f"{written}#{times}", times + 1
        self._taken.add(unique)
        return unique

    def _organization(self, element: etree._Element) -> Organization:
        identifier = self._identifier(element)
        items = tuple(self._item(found) for found in children(element, "item"))
        is_global = attribute(element, "objectivesglobaltosystem")
        is_shared = attribute(element, "shareddataglobaltosystem")
        return Organization(
            identifier,
            _title(element),
            items,
            sequencing=sequencing_of(parts_of(element, self._collected), self._edition),
            completion_threshold=_completion_threshold(element),
            objectives_global=_boolean(is_global, default=True),
            shared_data_global=_boolean(is_shared, default=True),
        )

    def _item(self, element: etree._Element) -> Item:
        identifier = self._identifier(element)
        below = tuple(self._item(found) for found in children(element, "item"))
        identifierref = attribute(element, "identifierref")
        resource = self._by_identifier.get(identifierref or "")
        # 2004 launches leaves alone (CAM 4e, 3.4.1.10); 1.2 lets a block have its own page.
        launchable = resource is not None and not (below and self._edition.is_2004)
        href = resource.href if resource and launchable else None
        parts = parts_of(element, self._collected)
        return Item(
            identifier=identifier,
            title=_title(element),
            identifierref=identifierref,
            href=append_parameters(href, attribute(element, "parameters")) if href else None,
            # A launchable resource that does not say what it is counts as an asset.
            resource_type=(resource.resource_type or "asset") if resource and href else None,
            visible=_boolean(attribute(element, "isvisible"), default=True),
            launch_data=child_text(element, "datafromlms"),
            mastery_score=child_text(element, "masteryscore"),
            scaled_passing_score=passing_score(parts),
            max_time_allowed=child_text(element, "maxtimeallowed") or time_limit(parts),
            time_limit_action=child_text(element, "timelimitaction"),
            prerequisites=child_text(element, "prerequisites"),
            completion_threshold=_completion_threshold(element),
            hide_lms_ui=_hidden_controls(element),
            shared_data=_shared_data(element),
            sequencing=sequencing_of(parts, self._edition),
            children=below,
        )


def edition_of_schema_version(version: str | None) -> Edition | None:
    """Return the edition that a schemaversion names, None for none or an unknown one."""
    return _SCHEMA_VERSIONS.get(" ".join((version or "").lower().split()))


def _edition_of_names(root: etree._Element) -> Edition:
    """Tell the edition by namespaces, and the 4th by the elements only it has.

    2nd and 3rd share theirs: the 3rd is taken, whose run-time rules are the 2nd's corrected.
    """
    attributes = {str(key) for found in root.iter(etree.Element) for key in found.attrib}
    names = {str(found.tag) for found in root.iter(etree.Element)} | attributes
    spaces = {name.rpartition("}")[0] for name in names} | {str(uri) for uri in root.nsmap.values()}
    if not any("v1p3" in space or "imsss" in space for space in spaces):
        return Edition.SCORM_12
    fourth = {"completedbymeasure", "minprogressmeasure", "progressweight", "targetid"}
    is_fourth = fourth & {local_name(name) for name in attributes}
    return Edition.SCORM_2004_4 if is_fourth else Edition.SCORM_2004_3


def _submanifests(root: etree._Element) -> list[etree._Element]:
    return children(root, "manifest")


def _resources(manifest: etree._Element, base: str) -> list[Resource]:
    """List the resources of a manifest and of the manifests in it.

    Strict would keep a submanifest apart; old packages simply refer into it.
    """
    base = join(base, manifest.get(_XML_BASE) or "")
    found = [
        _resource(resource, join(base, resources.get(_XML_BASE) or ""))
        for resources in children(manifest, "resources")
        for resource in children(resources, "resource")
    ]
    for inner in _submanifests(manifest):
        found.extend(_resources(inner, base))
    return found


def _resource(element: etree._Element, base: str) -> Resource:
    base = join(base, element.get(_XML_BASE) or "")
    href = attribute(element, "href")
    kind: dict[str | None, ResourceType] = {"sco": "sco", "asset": "asset"}
    hrefs = (attribute(found, "href") for found in children(element, "file"))
    references = (attribute(found, "identifierref") for found in children(element, "dependency"))
    return Resource(
        identifier=attribute(element, "identifier") or "",
        href=join(base, href) if href else None,
        resource_type=kind.get((attribute(element, "scormtype") or "").lower()),
        files=tuple(join(base, found) for found in hrefs if found),
        dependencies=tuple(found for found in references if found),
    )


def _title(element: etree._Element) -> str:
    return " ".join((child_text(element, "title") or "").split())


def _boolean(text: str | None, *, default: bool) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}.get((text or "").lower(), default)


def _completion_threshold(element: etree._Element) -> CompletionThreshold | None:
    """Read the 4th Edition's attributes, else the number that the 2nd and 3rd write as text."""
    found = child(element, "completionthreshold")
    if found is None:
        return None
    text = child_text(element, "completionthreshold")
    return CompletionThreshold(
        by_measure=_boolean(attribute(found, "completedbymeasure"), default=text is not None),
        minimum=attribute(found, "minprogressmeasure") or text or "1.0",
        weight=attribute(found, "progressweight") or "1.0",
    )


def _hidden_controls(element: etree._Element) -> tuple[str, ...]:
    presentation = child(element, "presentation")
    interface = child(presentation, "navigationinterface") if presentation is not None else None
    if interface is None:
        return ()
    return tuple((found.text or "").strip() for found in children(interface, "hidelmsui"))


def _shared_data(element: etree._Element) -> tuple[DataMap, ...]:
    data = child(element, "data")
    maps = children(data, "map") if data is not None else []
    return tuple(
        DataMap(
            target=attribute(found, "targetid") or "",
            readable=_boolean(attribute(found, "readshareddata"), default=True),
            writable=_boolean(attribute(found, "writeshareddata"), default=True),
        )
        for found in maps
    )
