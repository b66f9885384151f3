"""Whatever is wrong or odd with a package is found, all at once, and nothing else."""

import unicodedata
import zipfile
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest

from scorm import findings
from scorm.findings import MOST, SEVERITIES, Finding
from scorm.manifest import Manifest, parse
from tests.scorm.made import ITEM, RESOURCE, manifest, organization

SHARED = Path(__file__).parents[3] / "shared"
ADL = SHARED / "conformance" / "scorm2004-cts" / "zips"
NAMES = ("imsmanifest.xml", "index.html")
FOURTH = "2004 4th Edition"

Told = tuple[str, str, dict[str, str | int]]


def told(read: Manifest, names: Collection[str] = NAMES) -> list[Told]:
    """Return code, place and data of each finding, whose severity the table must give."""
    found = findings.check(read, names)
    assert all(SEVERITIES[one.code] == one.severity for one in found)
    return [(one.code, one.place, one.data) for one in found]


@pytest.mark.parametrize("version", ["1.2", "2004 3rd Edition", FOURTH])
def test_a_package_without_fault_has_no_finding(version):
    assert told(manifest(version=version)) == []


def test_a_manifest_that_says_nothing_cannot_be_launched():
    assert told(parse(b"<manifest/>"), ["imsmanifest.xml"]) == [
        ("no_organization", "imsmanifest.xml", {}),
        ("schema_version_missing", "imsmanifest.xml", {"edition": "1.2"}),
    ]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        pytest.param(
            manifest(version="2030"),
            ("schema_version_unknown", "imsmanifest.xml", {"version": "2030", "edition": "2004-3"}),
            id="a version nobody knows",
        ),
        pytest.param(
            manifest(version=None),
            ("schema_version_missing", "imsmanifest.xml", {"edition": "1.2"}),
            id="no version",
        ),
        pytest.param(
            manifest(default=None),
            ("default_organization_missing", "imsmanifest.xml", {"taken": "O"}),
            id="no default course",
        ),
        pytest.param(
            manifest(default="absent"),
            (
                "default_organization_dangling",
                "imsmanifest.xml",
                {"reference": "absent", "taken": "O"},
            ),
            id="a default course that is not there",
        ),
        pytest.param(
            manifest(organizations=organization() + organization("", identifier="P")),
            ("other_organizations", "imsmanifest.xml", {"count": 1, "taken": "O"}),
            id="two courses",
        ),
        pytest.param(
            manifest(organizations=f'<organization identifier="O">{ITEM}</organization>'),
            ("title_missing", "O", {}),
            id="a course without title",
        ),
        pytest.param(
            manifest(ITEM.replace("項目", " ")), ("title_missing", "I", {}), id="an untitled item"
        ),
        pytest.param(
            manifest(ITEM, RESOURCE + RESOURCE), ("identifier_duplicate", "R", {}), id="duplicates"
        ),
        pytest.param(
            manifest(ITEM.replace('identifier="I"', "")),
            ("identifier_missing", "imsmanifest.xml", {"count": 1}),
            id="no identifier",
        ),
        pytest.param(
            manifest(resources=RESOURCE + '<resource type="webcontent"/>'),
            ("identifier_missing", "imsmanifest.xml", {"count": 1}),
            id="a resource without identifier",
        ),
        pytest.param(
            manifest(below="<manifest/>"),
            ("submanifests", "imsmanifest.xml", {"count": 1}),
            id="a manifest within",
        ),
        pytest.param(
            manifest(resources=RESOURCE.replace('"sco"', '"asset"')),
            ("no_sco", "O", {}),
            id="nothing that reports",
        ),
        pytest.param(
            manifest(ITEM + '<item identifier="J"><title>空</title></item>'),
            ("item_without_resource", "J", {"title": "空"}),
            id="an item of nothing",
        ),
        pytest.param(
            manifest(ITEM + ITEM.replace('"I"', '"J"').replace('"R"', '"S"')),
            ("resource_dangling", "J", {"title": "項目", "reference": "S"}),
            id="a reference to nothing",
        ),
        pytest.param(
            manifest(
                ITEM + ITEM.replace('"I"', '"J"').replace('"R"', '"S"'),
                RESOURCE + '<resource identifier="S"/>',
            ),
            ("resource_without_href", "J", {"title": "項目", "reference": "S"}),
            id="a resource without page",
        ),
        pytest.param(
            manifest(
                ITEM.replace("</item>", ITEM.replace('"I"', '"J"') + "</item>"), version=FOURTH
            ),
            ("block_page_not_shown", "I", {"title": "項目"}),
            id="a block with its own page",
        ),
        pytest.param(
            manifest(ITEM.replace("項目", "項目</title><masteryscore>x</masteryscore><title>")),
            ("value_unusable", "I", {"title": "項目", "name": "masteryscore", "value": "x"}),
            id="a value nobody can use",
        ),
        pytest.param(
            manifest(resources=RESOURCE.replace("</res", '<dependency identifierref="S"/></res')),
            ("dependency_dangling", "R", {"reference": "S"}),
            id="a dependency on nothing",
        ),
    ],
)
def test_one_fault_is_one_finding(read, expected):
    assert told(read) == [expected]


def test_scos_of_a_package_that_never_names_the_api_are_told():
    [found] = findings.check(manifest(), NAMES, names_api=False)
    assert (found.severity, found.code, found.data) == ("warning", "api_not_named", {"count": 1})
    assets = manifest(resources=RESOURCE.replace('"sco"', '"asset"'))
    assert [one.code for one in findings.check(assets, NAMES, names_api=False)] == ["no_sco"]


def test_a_resource_that_does_not_say_whether_it_reports_is_told():
    silent = RESOURCE.replace('adlcp:scormtype="sco"', "")
    assert told(manifest(resources=silent)) == [
        ("resource_type_missing", "I", {"title": "項目"}),
        ("no_sco", "O", {}),
    ]


def test_a_course_without_anything_to_launch_is_an_error_and_its_cause_is_told():
    assert told(manifest(resources="")) == [
        ("nothing_to_launch", "O", {}),
        ("resource_dangling", "I", {"title": "項目", "reference": "R"}),
        ("files_undeclared", "imsmanifest.xml", {"count": 1, "example": "index.html"}),
    ]


def launching(address: str) -> Manifest:
    """Read a course whose only page is at `address`."""
    return manifest(
        resources=(
            f'<resource identifier="R" adlcp:scormtype="sco" href="{address}"></resource>'
            '<resource identifier="S"><file href="index.html"/></resource>'
        )
    )


@pytest.mark.parametrize(
    ("address", "code", "more"),
    [
        ("absent.html?a=1", "launch_file_missing", {}),
        ("C:\\教材\\index.html", "launch_file_missing", {}),
        ("sub/", "launch_file_missing", {}),
        ("../index.html", "launch_outside_package", {}),
        ("..\\..\\index.html#a", "launch_outside_package", {}),
        ("https://example.jp/index.html", "launch_external", {}),
        ("//example.jp/index.html", "launch_external", {}),
        ("javascript:alert(1)", "launch_scheme_refused", {"scheme": "javascript"}),
        ("file:///etc/passwd", "launch_scheme_refused", {"scheme": "file"}),
        ("data:text/html,x", "launch_scheme_refused", {"scheme": "data"}),
    ],
)
def test_a_page_that_is_not_in_the_package_is_told_with_its_item(address, code, more):
    expected = (code, "I", {"title": "項目", "address": address, **more})
    assert told(launching(address)) == [expected]


@pytest.mark.parametrize(
    ("address", "name", "code"),
    [
        ("INDEX.html?a=1", "index.html", "href_case"),
        ("sub\\a.html", "sub/a.html", "href_separator"),
        (unicodedata.normalize("NFD", "が.html"), "が.html", "href_unicode_form"),
    ],
)
def test_an_address_spelt_otherwise_works_and_is_told_once(address, name, code):
    resource = RESOURCE.replace("index.html", address)
    other = ITEM.replace('"I"', '"J" parameters="b=2"')
    path = address.partition("?")[0]
    assert told(manifest(ITEM + other, resource), [name]) == [(code, path, {"name": name})]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("a%20b.html", "a b.html"),
        ("a b.html", "a b.html"),
        ("%e8%a1%a8.html?x#y", "表.html"),
        ("%95%5C.html", "表.html"),
        ("./sub/../index.html", "index.html"),
    ],
)
def test_an_address_that_any_system_understands_is_not_told(address, name):
    assert told(manifest(resources=RESOURCE.replace("index.html", address)), [name]) == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("absent.png", "file_missing"),
        ("../absent.png", "file_outside_package"),
        ("https://example.jp/a.png", "file_external"),
    ],
)
def test_a_file_that_is_not_in_the_package_is_told_once(address, code):
    resource = RESOURCE.replace("</res", f'<file href="{address}"/></res')
    again = f'<resource identifier="S" href="{address}"><file href="{address}"/></resource>'
    read = manifest(resources=resource + again)
    assert told(read) == [(code, address, {"resource": "R"})]


def test_what_resources_without_identifiers_lack_is_told_with_a_place():
    nameless = (
        '<resource href="a.html"><dependency identifierref="S"/></resource>'
        '<resource><file href="b.html"/></resource>'
    )
    assert told(manifest(resources=RESOURCE + nameless)) == [
        ("identifier_missing", "imsmanifest.xml", {"count": 2}),
        ("dependency_dangling", "imsmanifest.xml", {"reference": "S"}),
        ("file_missing", "a.html", {"resource": "a.html"}),
        ("file_missing", "b.html", {"resource": "imsmanifest.xml"}),
    ]


def test_a_missing_page_is_told_with_its_item_and_not_again_as_a_file():
    assert [code for code, _, _ in told(manifest(), [])] == ["launch_file_missing"]


def test_undeclared_files_are_counted_but_not_schemas_and_metadata():
    names = [*NAMES, "b.png", "a.png", "imscp_v1p1.xsd", "XMLSchema.DTD", "meta/data.xml"]
    expected = ("files_undeclared", "imsmanifest.xml", {"count": 2, "example": "a.png"})
    assert told(manifest(), names) == [expected]


def test_a_file_of_another_spelling_is_declared_all_the_same():
    read = manifest(resources=RESOURCE.replace("</res", '<file href="A.PNG"/></res'))
    assert [code for code, _, _ in told(read, [*NAMES, "a.png"])] == ["href_case"]


def test_errors_come_first_then_warnings_then_notices():
    read = manifest(ITEM.replace("項目", ""), version=None, default=None)
    severities = [one.severity for one in findings.check(read, ["other.png"])]
    assert severities == ["error", "warning", "notice", "notice", "notice"]


def test_many_findings_of_one_kind_are_bounded_and_those_left_out_counted():
    many = "".join(f'<file href="{number}.png"/>' for number in range(MOST + 7))
    read = manifest(ITEM.replace("項目", ""), RESOURCE.replace("</res", f"{many}</res"))
    found = told(read)
    assert [code for code, _, _ in found].count("file_missing") == MOST
    assert found[-1] == ("more_of_the_same", "imsmanifest.xml", {"count": 7})
    assert len(found) == MOST + 2


def test_as_many_as_may_be_are_told_one_by_one():
    many = "".join(f'<file href="{number}.png"/>' for number in range(MOST))
    assert len(told(manifest(resources=RESOURCE.replace("</res", f"{many}</res")))) == MOST


def test_ten_thousand_items_and_files_without_fault_have_no_finding():
    numbers = range(10_000)
    items = "".join(ITEM.replace('"I"', f'"I{n}"').replace('"R"', f'"R{n}"') for n in numbers)
    resources = "".join(
        RESOURCE.replace('"R"', f'"R{n}"').replace("index.html", f"{n}.html") for n in numbers
    )
    assert told(manifest(items, resources), [f"{n}.html" for n in numbers]) == []


# --- Real packages


def _check(path: Path) -> list[Finding]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return findings.check(parse(archive.read("imsmanifest.xml")), names)


#: Codes by package, for those that are not without fault.
ODD = {
    "golf/scorm12/ComplexNestedOrganization_SCORM12": {
        "launch_file_missing": 11,
        "file_missing": 1,
        "other_organizations": 1,
    },
    "golf/scorm12/ContentPackagingOneFilePerSCO_SCORM12": {"no_sco": 1},
    "golf/scorm2004/ContentPackagingOneFilePerSCO_SCORM20043rdEdition": {"no_sco": 1},
    "golf/scorm2004/AdlAttributes_SCORM20043rdEdition": {
        "launch_file_missing": 1,
        "resource_type_missing": 1,
        "no_sco": 1,
    },
    "golf/scorm2004/ContentPackagingNoSchemaVersion_SCORM20042ndEdition": {
        "launch_file_missing": 1,
        "schema_version_missing": 1,
    },
    "golf/scorm2004/MinimalValid_SCORM20043rdEdition": {
        "launch_file_missing": 1,
        "resource_type_missing": 1,
        "no_sco": 1,
    },
    "golf/scorm2004/SequencingPostTestRollup4thEd_SCORM20044thEdition": {"files_undeclared": 1},
    "broken/scorm12/InvalidFileReferences_SCORM12": {
        "launch_file_missing": 1,
        "file_missing": 3,
    },
    "broken/scorm12/ItemWithNonExistentResourceId_SCORM12": {"resource_dangling": 1},
    "broken/scorm12/MissingLaunchUrl_SCORM12": {
        "nothing_to_launch": 1,
        "resource_without_href": 1,
        "file_missing": 1,
    },
    "broken/scorm12/MissingRequiredFields_SCORM12": {
        "launch_file_missing": 1,
        "title_missing": 1,
    },
    "broken/scorm2004/CM-01-broken-default-org": {
        "launch_file_missing": 3,
        "default_organization_dangling": 1,
        "file_missing": 6,
    },
    "broken/scorm2004/InvalidMissingOrgIdentifier_SCORM20043rdEdition": {
        "launch_file_missing": 1,
        "default_organization_dangling": 1,
        "identifier_missing": 1,
        "resource_type_missing": 1,
        "no_sco": 1,
    },
}
PACKAGES = SHARED / "packages"
REAL = sorted(
    path
    for part in ("golf", "broken")
    for path in (PACKAGES / part).glob("scorm*/*.zip")
    if "Malformed" not in path.name
)


@pytest.mark.skipif(not REAL, reason="../shared/packages is not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_real_package_has_the_findings_of_the_table(path):
    name = path.relative_to(PACKAGES).with_suffix("").as_posix()
    assert Counter(finding.code for finding in _check(path)) == ODD.get(name, {})


@pytest.mark.skipif(not ADL.is_dir(), reason="../shared/conformance is not here")
def test_a_package_of_adl_lacks_nothing_but_the_applet_that_is_not_distributed():
    for path in sorted(ADL.glob("*.zip")):
        found = {(finding.code, finding.place) for finding in _check(path)}
        assert found - {("no_sco", "SX-08a")} == {("file_missing", "common/LMSTest.jar")}
