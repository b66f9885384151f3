"""Kinds: by the manifest at the root, or in the one folder there."""

import pytest

from content_packages.kinds import Found, find
from tests.content_packages.made import refused


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["imsmanifest.xml", "a.html"], Found("scorm", "imsmanifest.xml", "", ())),
        (["cmi5.xml"], Found("cmi5", "cmi5.xml", "", ())),
        (["tincan.xml"], Found("tincan", "tincan.xml", "", ())),
        (["tincan.xml", "cmi5.xml", "imsmanifest.xml"], Found("scorm", "imsmanifest.xml", "", ())),
        (
            ["研修/imsmanifest.xml", "研修/a.html"],
            Found("scorm", "研修/imsmanifest.xml", "研修/", ("manifest_in_folder",)),
        ),
        (["IMSManifest.XML"], Found("scorm", "IMSManifest.XML", "", ("manifest_name_case",))),
        (["IMSMANIFEST.XML", "imsmanifest.xml"], Found("scorm", "imsmanifest.xml", "", ())),
        (["sub/imsmanifest.xml", "cmi5.xml"], Found("cmi5", "cmi5.xml", "", ())),
        (
            ["readme.txt", "sub/imsmanifest.xml", "sub/a.html", "subtle/b.html"],
            Found(
                "scorm",
                "sub/imsmanifest.xml",
                "sub/",
                ("manifest_in_folder", "files_outside_folder"),
            ),
        ),
    ],
)
def test_the_manifest_says_the_kind(names, expected):
    assert find(names) == expected


def test_only_what_is_in_the_folder_of_the_manifest_is_the_package():
    names = ["readme.txt", "sub/imsmanifest.xml", "sub/a.html", "subtle/b.html"]
    assert find(names).names(names) == ["imsmanifest.xml", "a.html"]


@pytest.mark.parametrize(
    "names", [[], ["a.html"], ["a/b/imsmanifest.xml"], ["imsmanifest.xml.bak"]]
)
def test_without_a_manifest_an_archive_is_refused(names):
    with refused("no_manifest"):
        find(names)


@pytest.mark.parametrize(
    "names",
    [["a/imsmanifest.xml", "b/imsmanifest.xml"], ["Imsmanifest.xml", "IMSMANIFEST.XML"]],
)
def test_manifests_that_could_each_be_meant_are_refused(names):
    with refused("several_manifests", names=names):
        find(names)
