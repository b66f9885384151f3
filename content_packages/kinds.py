"""Which kind of package an archive is, by the file that describes it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from content_packages.errors import PackageRefused

Kind = Literal["scorm", "cmi5", "tincan"]

#: the file each kind must have at its root; where there are several, the first kind counts
MANIFESTS: Final[dict[str, Kind]] = {
    "imsmanifest.xml": "scorm",
    "cmi5.xml": "cmi5",
    "tincan.xml": "tincan",
}
NOTES: Final = ("manifest_in_folder", "manifest_name_case", "files_outside_folder")


@dataclass(frozen=True)
class Found:
    """The kind, the manifest's entry, the folder that is the package's root, and what is odd."""

    kind: Kind
    manifest: str
    root: str  # "" or "folder/": stands before every name of the package
    notes: tuple[str, ...]  # of NOTES

    def names(self, names: Iterable[str]) -> list[str]:
        """Return those of an archive's names that are the package's, relative to its root."""
        return [name.removeprefix(self.root) for name in names if name.startswith(self.root)]


def find(names: Collection[str]) -> Found:
    """Find the manifest at the root, else in a single folder there.

    Strict is the root and the exact lower-case name (SCORM CAM 3.3, cmi5 14.1); people also zip
    the folder instead of what is in it.
    Raises PackageRefused: no_manifest, several_manifests.
    """
    candidates = [found for name in names if (found := _as_manifest(name)) is not None]
    for depth in (0, 1):
        for kind in MANIFESTS.values():
            here = [c for c in candidates if c.kind == kind and c.root.count("/") == depth]
            exact = [c for c in here if "manifest_name_case" not in c.notes]
            if len(chosen := exact or here) > 1:
                raise PackageRefused("several_manifests", names=[c.manifest for c in chosen])
            if chosen:
                return _with_strangers(chosen[0], names)
    raise PackageRefused("no_manifest")


def _with_strangers(found: Found, names: Collection[str]) -> Found:
    """Note it where the archive holds more than the package's folder."""
    if len(found.names(names)) == len(names):
        return found
    return replace(found, notes=(*found.notes, "files_outside_folder"))


def _as_manifest(name: str) -> Found | None:
    folder, slash, file = name.rpartition("/")
    kind = MANIFESTS.get(file.lower())
    if kind is None:
        return None
    notes = []
    if slash:
        notes.append("manifest_in_folder")
    if file not in MANIFESTS:
        notes.append("manifest_name_case")
    return Found(kind, name, folder + slash, tuple(notes))
