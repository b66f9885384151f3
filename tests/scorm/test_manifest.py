"""A manifest is read leniently: made ones show each rule, real ones that the rules meet life."""

import json
import zipfile
from pathlib import Path

import pytest

from scorm.edition import Edition
from scorm.manifest import (
    CompletionThreshold,
    DataMap,
    Item,
    ManifestError,
    Organization,
    edition_of_schema_version,
    from_document,
    leaves,
    parse,
    to_document,
    walk,
)
from tests.scorm.made import ITEM, RESOURCE, manifest, text

SHARED = Path(__file__).parents[3] / "shared"
REAL = sorted(
    path
    for part in ("golf", "broken")
    for path in (SHARED / "packages" / part).glob("scorm*/*.zip")
)
ADL = sorted((SHARED / "conformance" / "scorm2004-cts" / "zips").glob("*.zip"))


def only_item(items: str, resources: str = RESOURCE, *, version: str = "2004 4th Edition") -> Item:
    """Read a manifest and return its first item."""
    course = manifest(items, resources, version=version).organization
    assert course is not None
    return course.items[0]


def test_a_small_manifest_says_what_it_says():
    read = manifest()
    assert (read.edition, read.schema_version) == (Edition.SCORM_12, "1.2")
    assert (read.identifier, read.title, read.default_organization) == ("M", "講座", "O")
    item = Item("I", "項目", identifierref="R", href="index.html", resource_type="sco")
    assert read.organizations == (Organization("O", "講座", (item,)),)
    assert [found.files for found in read.resources] == [("index.html",)]
    assert (read.duplicate_identifiers, read.missing_identifiers, read.submanifests) == ((), 0, 0)


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        (b"<course/>", "not_a_manifest", {"root": "course"}),
        (b"<manifest>", "xml_malformed", {"line": 1, "column": 11}),
        (b"<manifest>\x82\xff</manifest>", "xml_encoding", {}),
        (b"<!DOCTYPE manifest><manifest/>", "xml_doctype", {}),
    ],
)
def test_what_is_no_manifest_is_refused_by_its_code(data, code, told):
    with pytest.raises(ManifestError, match=code) as caught:
        parse(data)
    assert (caught.value.code, caught.value.data) == (code, told)


def test_an_empty_manifest_is_read_as_saying_nothing():
    read = parse(b"<manifest/>")
    assert (read.edition, read.identifier, read.title) == (Edition.SCORM_12, "", "")
    assert (read.organizations, read.resources, read.organization) == ((), (), None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
@pytest.mark.parametrize("declared", ["UTF-8", "UTF-16", "Shift_JIS", "EUC-JP", None])
def test_a_title_is_read_in_any_encoding_under_any_declaration(encoding, declared):
    ahead = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    title = "表計算の研修（初級）"
    data = (ahead + text().replace("講座", title)).encode(encoding)
    assert parse(data).title == title


# --- Editions


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize(
    ("version", "edition"),
    [
        ("1.2", Edition.SCORM_12),
        ("1.1", Edition.SCORM_12),
        ("CAM 1.3", Edition.SCORM_2004_2),
        ("1.3", Edition.SCORM_2004_2),
        ("2004 2nd Edition", Edition.SCORM_2004_2),
        ("2004 3rd Edition", Edition.SCORM_2004_3),
        (" 2004  4TH edition\n", Edition.SCORM_2004_4),
        ("2030", None),
        ("", None),
        (None, None),
    ],
)
def test_the_schema_version_names_the_edition(version, edition):
    assert edition_of_schema_version(version) == edition


_THRESHOLD = '<adlcp:completionThreshold minProgressMeasure="0.5"/>'


@pytest.mark.parametrize(
    ("items", "version", "edition"),
    [
        (ITEM, None, Edition.SCORM_12),
        (ITEM, "9.9", Edition.SCORM_2004_3),
        (ITEM.replace("</item>", f"{_THRESHOLD}</item>"), "9.9", Edition.SCORM_2004_4),
    ],
)
def test_without_a_known_schema_version_names_tell_the_edition(items, version, edition):
    assert manifest(items, version=version).edition == edition


def test_a_namespace_declared_below_the_root_counts_where_it_is_used():
    inner = '<x:sequencing xmlns:x="http://www.imsglobal.org/xsd/imsss"/></item>'
    assert manifest(ITEM.replace("</item>", inner), version=None).edition == Edition.SCORM_2004_3


# --- Identifiers


def test_an_identifier_used_twice_is_told_and_made_unique():
    read = manifest(ITEM + ITEM)
    assert read.organization is not None
    assert [item.identifier for item in read.organization.items] == ["I", "I#2"]
    assert read.duplicate_identifiers == ("I",)


def test_an_item_and_a_resource_of_one_name_are_told():
    assert manifest(ITEM.replace('"I"', '"R"')).duplicate_identifiers == ("R",)


def test_what_has_no_identifier_gets_one_and_is_counted():
    items = "<item><title>a</title><item/></item>"
    read = manifest(organizations=f"<organization>{items}</organization>")
    assert read.missing_identifiers == 3
    assert read.organization is not None
    found = [item.identifier for item in walk(read.organization.items)]
    assert [read.organization.identifier, *found] == ["#1", "#2", "#3"]


def test_an_identifier_may_hold_dots():
    assert only_item(ITEM.replace('"I"', '"jp.example.1"')).identifier == "jp.example.1"


# --- Resources and addresses


def test_the_first_of_two_resources_of_one_name_is_launched():
    second = RESOURCE.replace("index.html", "other.html")
    assert only_item(ITEM, RESOURCE + second).href == "index.html"


def test_an_href_stands_under_every_base_above_it():
    read = parse(
        text(
            resources=(
                '<resource identifier="R" xml:base="c" href="d.html" scormType="SCO">'
                '<file href="d.html"/><file/><dependency identifierref="S"/><dependency/>'
                "</resource>"
            ),
            base='xml:base="a/"',
        )
        .replace("<resources>", '<resources xml:base="b">')
        .encode()
    )
    assert read.organization is not None
    assert read.organization.items[0].href == "a/b/c/d.html"
    found = read.resources[0]
    assert (found.href, found.files) == ("a/b/c/d.html", ("a/b/c/d.html",))
    assert (found.resource_type, found.dependencies) == ("sco", ("S",))


def test_parameters_of_the_item_complete_the_address():
    item = ITEM.replace("identifierref", 'parameters="?case=1&amp;act=2" identifierref')
    assert only_item(item).href == "index.html?case=1&act=2"


def test_a_resource_that_does_not_say_what_it_is_counts_as_an_asset():
    silent = RESOURCE.replace('adlcp:scormtype="sco"', "")
    assert only_item(ITEM, silent).resource_type == "asset"
    odd = RESOURCE.replace('"sco"', '"film"')
    assert only_item(ITEM, odd).resource_type == "asset"


@pytest.mark.parametrize("resources", ["", RESOURCE.replace(' href="index.html"', "", 1)])
def test_an_item_without_a_page_is_a_heading(resources):
    item = only_item(ITEM, resources)
    assert (item.href, item.resource_type) == (None, None)


@pytest.mark.parametrize(("version", "href"), [("1.2", "index.html"), ("2004 4th Edition", None)])
def test_a_block_has_its_own_page_in_the_first_edition_alone(version, href):
    block = ITEM.replace("</item>", f"{ITEM}</item>")
    item = only_item(block, version=version)
    assert (item.href, item.children[0].href) == (href, "index.html")


def test_items_may_refer_into_the_manifests_within():
    inner = RESOURCE.replace("index.html", "inner.html")
    below = f'<manifest xml:base="sub"><resources>{inner}</resources></manifest>'
    read = manifest(resources="", below=below + "<manifest/>")
    assert read.organization is not None
    assert read.organization.items[0].href == "sub/inner.html"
    assert read.submanifests == 2


# --- What an item says


@pytest.mark.parametrize(
    ("written", "visible"),
    [("false", False), ("0", False), ("true", True), ("1", True), ("perhaps", True), ("", True)],
)
def test_an_item_is_visible_unless_it_says_no(written, visible):
    item = ITEM.replace("identifierref", f'isvisible="{written}" identifierref')
    assert only_item(item).visible is visible


def test_the_values_of_the_first_edition_are_kept_as_text():
    item = only_item(
        ITEM.replace(
            "</item>",
            '<adlcp:prerequisites type="aicc_script">A&amp;B</adlcp:prerequisites>'
            "<adlcp:maxtimeallowed>00:30:00</adlcp:maxtimeallowed>"
            "<adlcp:timelimitaction>exit,message</adlcp:timelimitaction>"
            "<adlcp:datafromlms> a=1 </adlcp:datafromlms>"
            "<adlcp:masteryscore>80</adlcp:masteryscore></item>",
        ),
        version="1.2",
    )
    assert (item.prerequisites, item.max_time_allowed) == ("A&B", "00:30:00")
    assert (item.time_limit_action, item.launch_data) == ("exit,message", "a=1")
    assert item.mastery_score == "80"


def test_the_values_of_2004_are_kept_as_text():
    item = only_item(
        ITEM.replace(
            "</item>",
            "<adlcp:dataFromLMS>x</adlcp:dataFromLMS>"
            "<imsss:sequencing><imsss:limitConditions attemptAbsoluteDurationLimit='P5Y6M'/>"
            "</imsss:sequencing>"
            "<adlnav:presentation><adlnav:navigationInterface>"
            "<adlnav:hideLMSUI> continue </adlnav:hideLMSUI>"
            "<adlnav:hideLMSUI/></adlnav:navigationInterface></adlnav:presentation>"
            "<adlcp:data><adlcp:map targetID='t1' writeSharedData='false'/>"
            "<adlcp:map readSharedData='false'/></adlcp:data></item>",
        )
    )
    assert (item.launch_data, item.max_time_allowed) == ("x", "P5Y6M")
    assert item.hide_lms_ui == ("continue", "")
    assert item.shared_data == (DataMap("t1", writable=False), DataMap("", readable=False))


@pytest.mark.parametrize("inner", ["<adlnav:presentation/>", ""])
def test_nothing_is_hidden_where_nothing_is_said(inner):
    assert only_item(ITEM.replace("</item>", f"{inner}</item>")).hide_lms_ui == ()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", None),
        ("<adlcp:completionThreshold/>", CompletionThreshold(by_measure=False)),
        (
            "<adlcp:completionThreshold>0.7</adlcp:completionThreshold>",
            CompletionThreshold(by_measure=True, minimum="0.7"),
        ),
        (
            '<adlcp:completionThreshold minProgressMeasure="0.5" progressWeight="0.2"/>',
            CompletionThreshold(by_measure=False, minimum="0.5", weight="0.2"),
        ),
        (
            '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.5"/>',
            CompletionThreshold(by_measure=True, minimum="0.5"),
        ),
    ],
)
def test_a_completion_threshold_is_read_in_both_spellings(written, expected):
    item = only_item(ITEM.replace("</item>", f"{written}</item>"))
    assert item.completion_threshold == expected


_BY_MEASURE = '<imsss:primaryObjective satisfiedByMeasure="true"/>'
_BY_MEASURE_OF = _BY_MEASURE.replace(
    "/>",
    "><imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective>",
)


@pytest.mark.parametrize(
    ("sequencing", "expected"),
    [
        ("", None),
        ("<imsss:objectives/>", None),
        ("<imsss:objectives><imsss:primaryObjective/></imsss:objectives>", None),
        (f"<imsss:objectives>{_BY_MEASURE}</imsss:objectives>", "1.0"),
        (f"<imsss:objectives>{_BY_MEASURE_OF}</imsss:objectives>", "0.6"),
    ],
)
def test_the_passing_score_is_that_of_the_primary_objective(sequencing, expected):
    item = ITEM.replace("</item>", f"<imsss:sequencing>{sequencing}</imsss:sequencing></item>")
    assert only_item(item).scaled_passing_score == expected


# --- Large, deep and real ones


def test_ten_thousand_items_are_read():
    items = "".join(ITEM.replace('"I"', f'"I.{number}"') for number in range(10_000))
    read = manifest(items)
    assert read.organization is not None
    assert len(leaves(read.organization)) == 10_000
    assert from_document(to_document(read)) == read


def test_items_as_deep_as_may_be_are_read_and_stored():
    levels = 96  # with the manifest, the organizations, the organization and a title: 100
    read = manifest("<item><title/>" * levels + "</item>" * levels)
    assert read.organization is not None
    assert len(list(walk(read.organization.items))) == levels
    assert from_document(json.loads(json.dumps(to_document(read)))) == read


def test_items_too_deep_are_refused():
    with pytest.raises(ManifestError, match="xml_malformed"):
        manifest("<item>" * 98 + "</item>" * 98)


def _manifest_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("imsmanifest.xml")


@pytest.mark.skipif(not REAL, reason="../shared/packages is not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_real_manifest_is_read_and_stored(path):
    if "Malformed" in path.name:
        with pytest.raises(ManifestError, match="xml_malformed"):
            parse(_manifest_of(path))
        return
    read = parse(_manifest_of(path))
    assert read.edition.is_2004 == (path.parent.name == "scorm2004")
    assert read.organization is not None
    assert read.organization.items
    assert from_document(json.loads(json.dumps(to_document(read)))) == read


@pytest.mark.skipif(not ADL, reason="../shared/conformance is not here")
def test_the_manifests_of_adl_are_read_as_the_fourth_edition_with_every_delivered_item():
    titles = {}
    for path in ADL:
        read = parse(_manifest_of(path))
        assert read.edition is Edition.SCORM_2004_4
        assert read.organization is not None
        assert read.organization.identifier == read.default_organization
        assert not read.duplicate_identifiers
        titles[path.stem] = {item.title for item in leaves(read.organization)}
        assert from_document(to_document(read)) == read
    assert all(titles.values())
