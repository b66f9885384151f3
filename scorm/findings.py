"""What is wrong or odd with a package, all of it at once: warn rather than refuse.

An error is what cannot be launched or must not be; whatever learners can work with in spite of it
is a warning, and what is only worth knowing, or troubles other systems, a notice.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from scorm.item_values import unusable_values
from scorm.manifest import edition_of_schema_version
from scorm.structure import Item, Manifest, Resource, leaves, walk
from scorm.urls import NameIndex, normalise, path_of, scheme

Severity = Literal["error", "warning", "notice"]

#: Every code there is, with the names of its data, which are text or numbers.
SEVERITIES: Final[Mapping[str, Severity]] = {
    "no_organization": "error",
    "nothing_to_launch": "error",
    "launch_file_missing": "error",  # title, address
    "launch_outside_package": "error",  # title, address
    "launch_scheme_refused": "error",  # title, address, scheme
    "launch_external": "warning",  # title, address
    "resource_dangling": "warning",  # title, reference
    "resource_without_href": "warning",  # title, reference
    "item_without_resource": "warning",  # title
    "block_page_not_shown": "warning",  # title
    "resource_type_missing": "warning",  # title
    "title_missing": "warning",
    "api_not_named": "warning",  # count
    "value_unusable": "warning",  # title, name, value
    "default_organization_dangling": "warning",  # reference, taken
    "identifier_duplicate": "warning",
    "identifier_missing": "warning",  # count
    "file_missing": "warning",  # resource
    "file_outside_package": "warning",  # resource
    "dependency_dangling": "warning",  # reference
    "schema_version_unknown": "warning",  # version, edition
    "schema_version_missing": "notice",  # edition
    "default_organization_missing": "notice",  # taken
    "other_organizations": "notice",  # count, taken
    "no_sco": "notice",
    "submanifests": "notice",  # count
    "file_external": "notice",  # resource
    "href_case": "notice",  # name
    "href_separator": "notice",  # name
    "href_unicode_form": "notice",  # name
    "files_undeclared": "notice",  # count, example
    "more_of_the_same": "notice",  # count
}
#: How many findings of one code are told one by one: a page of 10,000 lines helps nobody.
MOST: Final = 50

_ORDER: Final[Mapping[Severity, int]] = {"error": 0, "warning": 1, "notice": 2}
_MANIFEST: Final = "imsmanifest.xml"
#: Schemas and metadata, which packers add to a package and seldom declare.
_NEVER_DECLARED: Final = (".xsd", ".dtd", ".xml")


@dataclass(frozen=True)
class Finding:
    """Something wrong or odd.

    `place` is an identifier or address of the manifest as written, or imsmanifest.xml itself.
    """

    severity: Severity
    code: str
    place: str
    data: dict[str, str | int]


def check(manifest: Manifest, names: Collection[str], *, names_api: bool = True) -> list[Finding]:
    """Return all that is wrong or odd, the errors first; no finding, a package without fault.

    `names` are the package's files relative to the manifest's folder, with slashes. `names_api`:
    whether any of them names the API (`scorm.api_search`).
    """
    index = NameIndex(names)
    found = [
        *_of_schema_version(manifest),
        *_of_organizations(manifest),
        *_of_identifiers(manifest),
        *_of_items(manifest),
        *_of_launches(manifest, index),
        *_of_silence(manifest, names_api=names_api),
        *_of_resources(manifest, index),
        *_of_spelling(manifest, index),
        *_of_undeclared_files(manifest, names, index),
    ]
    return _bounded(sorted(found, key=lambda finding: _ORDER[finding.severity]))


def _finding(code: str, place: str = _MANIFEST, **data: str | int) -> Finding:
    return Finding(SEVERITIES[code], code, place or _MANIFEST, data)


def _of_schema_version(manifest: Manifest) -> Iterator[Finding]:
    version, edition = manifest.schema_version, manifest.edition.value
    if version is None:
        yield _finding("schema_version_missing", edition=edition)
    elif edition_of_schema_version(version) is None:
        yield _finding("schema_version_unknown", version=version, edition=edition)


def _of_organizations(manifest: Manifest) -> Iterator[Finding]:
    taken = manifest.organization
    if taken is None:
        yield _finding("no_organization")
        return
    default = manifest.default_organization
    if default is None:
        yield _finding("default_organization_missing", taken=taken.identifier)
    elif default != taken.identifier:
        yield _finding("default_organization_dangling", reference=default, taken=taken.identifier)
    others = len(manifest.organizations) - 1
    if others:
        yield _finding("other_organizations", count=others, taken=taken.identifier)
    if not leaves(taken):
        yield _finding("nothing_to_launch", taken.identifier)
    elif all(item.resource_type != "sco" for item in leaves(taken)):
        yield _finding("no_sco", taken.identifier)
    if not taken.title:
        yield _finding("title_missing", taken.identifier)


def _of_silence(manifest: Manifest, *, names_api: bool) -> Iterator[Finding]:
    """Tell of SCOs that cannot say how far they are."""
    organization = manifest.organization
    if organization is None or names_api:
        return
    scos = [item for item in leaves(organization) if item.resource_type == "sco"]
    if scos:
        yield _finding("api_not_named", organization.identifier, count=len(scos))


def _of_identifiers(manifest: Manifest) -> Iterator[Finding]:
    for identifier in filter(None, manifest.duplicate_identifiers):
        yield _finding("identifier_duplicate", identifier)
    nameless = sum(not resource.identifier for resource in manifest.resources)
    if missing := manifest.missing_identifiers + nameless:
        yield _finding("identifier_missing", count=missing)
    if manifest.submanifests:
        yield _finding("submanifests", count=manifest.submanifests)


def _offered(manifest: Manifest) -> list[Item]:
    return list(walk(manifest.organization.items)) if manifest.organization else []


def _of_items(manifest: Manifest) -> Iterator[Finding]:
    resources = {resource.identifier: resource for resource in reversed(manifest.resources)}
    for item in _offered(manifest):
        if not item.title:
            yield _finding("title_missing", item.identifier)
        yield from _of_reference(item, resources)
        for name, value in unusable_values(manifest.edition, item):
            yield _finding(
                "value_unusable", item.identifier, title=item.title, name=name, value=value
            )


def _of_reference(item: Item, resources: Mapping[str, Resource]) -> Iterator[Finding]:
    place, title, reference = item.identifier, item.title, item.identifierref
    if reference is None:
        if not item.children:
            yield _finding("item_without_resource", place, title=title)
        return
    resource = resources.get(reference)
    if resource is None:
        yield _finding("resource_dangling", place, title=title, reference=reference)
    elif resource.href is None:
        yield _finding("resource_without_href", place, title=title, reference=reference)
    elif item.href is None:
        yield _finding("block_page_not_shown", place, title=title)
    elif resource.resource_type is None:
        yield _finding("resource_type_missing", place, title=title)


def _of_launches(manifest: Manifest, index: NameIndex) -> Iterator[Finding]:
    for item in _offered(manifest):
        if item.href is not None and index.find(item.href) is None:
            yield _of_launch(item, item.href)


def _of_launch(item: Item, address: str) -> Finding:
    place, title, found = item.identifier, item.title, scheme(address)
    if found in {"", "http", "https"}:
        return _finding("launch_external", place, title=title, address=address)
    if found is not None:
        return _finding("launch_scheme_refused", place, title=title, address=address, scheme=found)
    is_outside = normalise(path_of(address)) is None
    code = "launch_outside_package" if is_outside else "launch_file_missing"
    return _finding(code, place, title=title, address=address)


def _of_resources(manifest: Manifest, index: NameIndex) -> Iterator[Finding]:
    known = {resource.identifier for resource in manifest.resources}
    # What a launch lacks has been told with its item.
    told = {path_of(item.href) for item in _offered(manifest) if item.href}
    for resource in manifest.resources:
        for reference in resource.dependencies:
            if reference not in known:
                yield _finding("dependency_dangling", resource.identifier, reference=reference)
        for href in resource.addresses:
            if path_of(href) not in told and index.find(href) is None:
                told.add(path_of(href))
                name = resource.identifier or resource.href or _MANIFEST
                yield _finding(_code_of_file(href), href, resource=name)


def _code_of_file(href: str) -> str:
    if scheme(href) is not None:
        return "file_external"
    return "file_outside_package" if normalise(path_of(href)) is None else "file_missing"


def _addresses(manifest: Manifest) -> list[str]:
    """List every address of resources, files and items, each once."""
    items = (item.href for o in manifest.organizations for item in leaves(o))
    files = (href for resource in manifest.resources for href in resource.addresses)
    return list(dict.fromkeys(href for href in (*files, *items) if href))


def _of_spelling(manifest: Manifest, index: NameIndex) -> Iterator[Finding]:
    """Tell what works here alone: where case, separator or composition differ from the file's."""
    told = set()
    for address in _addresses(manifest):
        found = index.find(address)
        if found and found.spelling != "exact" and path_of(address) not in told:
            told.add(path_of(address))
            yield _finding(f"href_{found.spelling}", path_of(address), name=found.name)


def _of_undeclared_files(
    manifest: Manifest, names: Collection[str], index: NameIndex
) -> Iterator[Finding]:
    declared = {found.name for href in _addresses(manifest) if (found := index.find(href))}
    undeclared = sorted(
        name
        for name in names
        if name not in declared and not name.lower().endswith(_NEVER_DECLARED)
    )
    if undeclared:
        yield _finding("files_undeclared", count=len(undeclared), example=undeclared[0])


def _bounded(found: list[Finding]) -> list[Finding]:
    """Keep the first MOST of each code, and say how many of it were left out."""
    told: Counter[str] = Counter()
    kept = []
    for finding in found:
        told[finding.code] += 1
        if told[finding.code] <= MOST:
            kept.append(finding)
    left_out = len(found) - len(kept)
    return [*kept, _finding("more_of_the_same", count=left_out)] if left_out else kept
