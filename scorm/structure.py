"""What a manifest says, as plain frozen values, and the document that is stored of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from scorm.edition import Edition
from scorm.sequencing import definition
from scorm.sequencing.definition import Sequencing

ResourceType = Literal["sco", "asset"]


@dataclass(frozen=True)
class CompletionThreshold:
    """How far a learner must come (SCORM 2004 CAM 4e, 3.4.1.12); numbers as they are written."""

    by_measure: bool
    minimum: str = "1.0"
    weight: str = "1.0"


@dataclass(frozen=True)
class DataMap:
    """One bucket of adl.data that an item may reach (2004 4th Edition)."""

    target: str
    readable: bool = True
    writable: bool = True


@dataclass(frozen=True)
class Resource:
    """A resource; hrefs are URLs relative to the manifest, joined with every xml:base above."""

    identifier: str
    href: str | None
    resource_type: ResourceType | None
    files: tuple[str, ...]
    dependencies: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its own href, if it has one, and those of its files."""
        return (self.href, *self.files) if self.href else self.files


@dataclass(frozen=True)
class Item:
    """An activity: something to launch, or a cluster of items.

    `identifier` is unique within the manifest: a second use of one is written `NAME#2`.
    `href` is the URL to launch, parameters included, relative to the manifest; None for a cluster.
    Values that a SCO reads through the data model stay text, as the manifest has them.
    """

    identifier: str
    title: str
    identifierref: str | None = None
    href: str | None = None
    resource_type: ResourceType | None = None
    visible: bool = True
    launch_data: str | None = None
    mastery_score: str | None = None
    scaled_passing_score: str | None = None
    max_time_allowed: str | None = None
    time_limit_action: str | None = None
    prerequisites: str | None = None
    completion_threshold: CompletionThreshold | None = None
    hide_lms_ui: tuple[str, ...] = ()
    shared_data: tuple[DataMap, ...] = ()
    sequencing: Sequencing | None = None
    children: tuple["Item", ...] = ()


@dataclass(frozen=True)
class Organization:
    """One tree of items: a course."""

    identifier: str
    title: str
    items: tuple[Item, ...]
    sequencing: Sequencing | None = None
    completion_threshold: CompletionThreshold | None = None
    #: Whether objectives and data that activities share are the learner's in all courses (the
    #: default of both), or belong to one attempt on this one.
    objectives_global: bool = True
    shared_data_global: bool = True


@dataclass(frozen=True)
class Manifest:
    """A manifest; `default_organization` as written, `organization` as understood."""

    edition: Edition
    schema_version: str | None
    identifier: str
    default_organization: str | None
    organizations: tuple[Organization, ...]
    resources: tuple[Resource, ...]
    duplicate_identifiers: tuple[str, ...] = ()
    missing_identifiers: int = 0
    submanifests: int = 0

    @property
    def organization(self) -> Organization | None:
        """The course to offer: the default one, else the first, else None."""
        named = (o for o in self.organizations if o.identifier == self.default_organization)
        return next(named, next(iter(self.organizations), None))

    @property
    def title(self) -> str:
        """The title of the course to offer; empty where it has none."""
        return self.organization.title if self.organization else ""


def walk(items: tuple[Item, ...]) -> Iterator[Item]:
    """Yield every item of a tree in document order, clusters before what they hold."""
    for item in items:
        yield item
        yield from walk(item.children)


def leaves(organization: Organization) -> list[Item]:
    """Return what can be launched, in order."""
    return [item for item in walk(organization.items) if item.href is not None]


def to_document(manifest: Manifest) -> dict[str, Any]:
    """Return a manifest as a dictionary that JSON can hold."""
    document = _plain(manifest)
    assert isinstance(document, dict)
    return document


def from_document(document: Mapping[str, Any]) -> Manifest:
    """Return the manifest that `to_document` wrote."""
    return Manifest(
        **{
            **document,
            "edition": Edition(document["edition"]),
            "organizations": tuple(_organization(value) for value in document["organizations"]),
            "resources": tuple(_resource(value) for value in document["resources"]),
            "duplicate_identifiers": tuple(document["duplicate_identifiers"]),
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Sequencing):
        return definition.to_document(value)
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    return value.value if isinstance(value, Edition) else value


def _organization(value: Mapping[str, Any]) -> Organization:
    return Organization(
        **{
            **value,
            "items": tuple(_item(item) for item in value["items"]),
            "sequencing": _sequencing(value),
            "completion_threshold": _threshold(value),
        }
    )


def _sequencing(value: Mapping[str, Any]) -> Sequencing | None:
    # Versions that were imported before their sequencing was read have none, and offer free choice.
    document = value.get("sequencing")
    return None if document is None else definition.from_document(document)


def _threshold(value: Mapping[str, Any]) -> CompletionThreshold | None:
    document = value.get("completion_threshold")
    return CompletionThreshold(**document) if document else None


def _resource(value: Mapping[str, Any]) -> Resource:
    files, dependencies = tuple(value["files"]), tuple(value["dependencies"])
    return Resource(**{**value, "files": files, "dependencies": dependencies})


def _item(value: Mapping[str, Any]) -> Item:
    return Item(
        **{
            **value,
            "completion_threshold": _threshold(value),
            "sequencing": _sequencing(value),
            "hide_lms_ui": tuple(value["hide_lms_ui"]),
            "shared_data": tuple(DataMap(**held) for held in value["shared_data"]),
            "children": tuple(_item(child) for child in value["children"]),
        }
    )
