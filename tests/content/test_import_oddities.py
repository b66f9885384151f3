"""The list of what real packages bring: each is taken, told of, and found again by the player."""

import unicodedata
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from app.content.imports import service
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from content_packages.archive import Archive
from scorm import urls
from scorm.manifest import from_document, leaves
from tests.content import made
from tests.content_packages.made import UTF_8, File, deflated, written, zip_of
from tests.scorm.made import ITEM, RESOURCE, organization, text

PAGE = made.PAGE.encode()


def examined(path: Path) -> service.Examined:
    return service.examine(path, Settings(instance=path.parent), lambda _done, _total: None)


def manifest(text: str, name: bytes = b"imsmanifest.xml") -> File:
    return File(name, text.encode())


def at(href: str, **more: str) -> str:
    """Write a manifest whose only page is at `href`."""
    return text(resources=RESOURCE.replace("index.html", href), **more)


def launched(path: Path, root: str) -> list[str]:
    """Return the names of the files that the player delivers for the items of the package."""
    course = from_document(examined(path).manifest).organization
    assert course is not None
    names = []
    with Archive(path) as archive:
        for item in leaves(course):
            address = urls.path_of(urls.launch_address(item.href or ""))
            entry = archive.find(root + unquote(address).removeprefix(urls.CONTENT))
            names.append(entry.name if entry else "")
    return names


def japanese(name: str) -> bytes:
    return name.encode("cp932")


DECOMPOSED = unicodedata.normalize("NFD", "がくしゅう/ぱ.html")
COMPOSED = unicodedata.normalize("NFC", DECOMPOSED)


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize(
    ("files", "root", "name", "codes"),
    [
        pytest.param(
            [manifest(text(), b"course/imsmanifest.xml"), File(b"course/index.html", PAGE)],
            "course/",
            "course/index.html",
            ["manifest_in_folder"],
            id="manifest one folder down",
        ),
        pytest.param(
            [
                manifest(text(), japanese("研修表/imsmanifest.xml")),
                File(japanese("研修表/index.html"), PAGE),
                File(b"__MACOSX/._imsmanifest.xml", b"litter"),
                File(b"__MACOSX/course/imsmanifest.xml", b"litter"),
                File(japanese("研修表/.DS_Store"), b"litter"),
            ],
            "研修表/",
            "研修表/index.html",
            ["manifest_in_folder"],
            id="a Japanese folder, and what macOS leaves",
        ),
        pytest.param(
            [manifest(text(), b"IMSMANIFEST.XML"), File(b"index.html", PAGE)],
            "",
            "index.html",
            ["manifest_name_case"],
            id="manifest in capitals",
        ),
        pytest.param(
            [
                manifest(text(), b"course/imsmanifest.xml"),
                File(b"course/index.html", PAGE),
                File(b"readme.txt"),
            ],
            "course/",
            "course/index.html",
            ["manifest_in_folder", "files_outside_folder"],
            id="files beside the folder",
        ),
        pytest.param(
            [manifest(at("sub/a.html")), File(b"sub\\", b"", 0), File(b"sub\\a.html", PAGE)],
            "",
            "sub/a.html",
            [],
            id="backslashes in the archive",
        ),
        pytest.param(
            [manifest(at("sub\\a.html")), File(b"sub/a.html", PAGE)],
            "",
            "sub/a.html",
            ["href_separator"],
            id="backslashes in the manifest",
        ),
        pytest.param(
            [manifest(at("表/一覧表.html")), File(japanese("表/一覧表.html"), PAGE)],
            "",
            "表/一覧表.html",
            [],
            id="cp932 names with the byte of a backslash",
        ),
        pytest.param(
            [manifest(at(COMPOSED)), File(DECOMPOSED.encode(), PAGE, flags=UTF_8)],
            "",
            COMPOSED,
            [],
            id="names decomposed by macOS",
        ),
        pytest.param(
            [manifest(at(DECOMPOSED)), File(COMPOSED.encode(), PAGE, flags=UTF_8)],
            "",
            COMPOSED,
            ["href_unicode_form"],
            id="a decomposed address",
        ),
        pytest.param(
            [manifest(at("Sub/INDEX.html")), File(b"sub/index.HTML", PAGE)],
            "",
            "sub/index.HTML",
            ["href_case"],
            id="another case",
        ),
        pytest.param(
            [manifest(at(quote("研修/表 1.html"))), File("研修/表 1.html".encode(), PAGE)],
            "",
            "研修/表 1.html",
            [],
            id="percent-encoded UTF-8",
        ),
        pytest.param(
            [
                manifest(at(quote("研修/表.html", encoding="cp932"))),
                File(japanese("研修/表.html"), PAGE),
            ],
            "",
            "研修/表.html",
            [],
            id="percent-encoded cp932",
        ),
        pytest.param(
            [manifest(at("index.html?lang=ja&amp;x=%20#top")), File(b"index.html", PAGE)],
            "",
            "index.html",
            [],
            id="a query and a fragment",
        ),
        pytest.param(
            [
                manifest(text(ITEM.replace("identifierref", 'parameters="?a=1" identifierref'))),
                File(b"index.html", PAGE),
            ],
            "",
            "index.html",
            [],
            id="parameters of the item",
        ),
        pytest.param(
            [manifest(at("my course/a b.html")), File(b"my course/a b.html", PAGE)],
            "",
            "my course/a b.html",
            [],
            id="spaces",
        ),
        pytest.param(
            [
                manifest(at("a.html", base='xml:base="content/"').replace(
                    "<resources>", '<resources xml:base="unit 1">')),
                File(b"content/unit 1/a.html", PAGE),
            ],
            "",
            "content/unit 1/a.html",
            [],
            id="under every xml:base",
        ),
        pytest.param(
            [manifest(at("./sub/../index.html")), File(b"./index.html", PAGE)],
            "",
            "index.html",
            [],
            id="dots",
        ),
        pytest.param(
            [
                manifest(text(resources=RESOURCE.replace("</res", '<file href="b.png"/></res'))),
                File(b"index.html", PAGE),
                File(b"c.png"),
            ],
            "",
            "index.html",
            ["file_missing", "files_undeclared"],
            id="a missing and an undeclared file",
        ),
        pytest.param(
            [
                manifest(text(resources="", below=f"<manifest identifier='N'><resources>{RESOURCE}"
                              "</resources></manifest>")),
                File(b"index.html", PAGE),
            ],
            "",
            "index.html",
            ["submanifests"],
            id="a manifest in the manifest",
        ),
        pytest.param(
            [manifest(text(default=None)), File(b"index.html", PAGE)],
            "",
            "index.html",
            ["default_organization_missing"],
            id="no default organization",
        ),
        pytest.param(
            [manifest(text(default="absent")), File(b"index.html", PAGE)],
            "",
            "index.html",
            ["default_organization_dangling"],
            id="a dangling default organization",
        ),
        pytest.param(
            [
                manifest(text(ITEM + '<item identifier="J" identifierref="gone"><title>無</title>'
                              "</item>")),
                File(b"index.html", PAGE),
            ],
            "",
            "index.html",
            ["resource_dangling"],
            id="a dangling identifierref",
        ),
        pytest.param(
            [
                manifest(text(organizations=organization(ITEM) + organization(ITEM))),
                File(b"index.html", PAGE),
            ],
            "",
            "index.html",
            ["identifier_duplicate", "identifier_duplicate", "other_organizations"],
            id="duplicate identifiers",
        ),
        pytest.param(
            [
                manifest(text(ITEM.replace('"I"', '"jp.example.1"').replace('"R"', '"r.1.2"'),
                              RESOURCE.replace('"R"', '"r.1.2"'))),
                File(b"index.html", PAGE),
            ],
            "",
            "index.html",
            [],
            id="identifiers with dots",
        ),
    ],
)  # fmt: skip
def test_what_real_packages_bring_is_taken_and_told_and_launched(
    files, root, name, codes, tmp_path
):
    path = written(tmp_path, zip_of(*files))
    found = examined(path)
    assert sorted(one["code"] for one in found.findings) == sorted(codes)
    assert not [one for one in found.findings if one["severity"] == "error"]
    assert found.root == root
    assert launched(path, root)[0] == name


@pytest.mark.parametrize(
    ("href", "code", "severity"),
    [
        ("https://example.jp/course/", "launch_external", "warning"),
        ("//example.jp/course/", "launch_external", "warning"),
        ("javascript:alert(1)", "launch_scheme_refused", "error"),
        ("../index.html", "launch_outside_package", "error"),
        ("absent.html", "launch_file_missing", "error"),
    ],
)
def test_a_page_that_is_elsewhere_is_told_but_the_package_is_taken(href, code, severity, tmp_path):
    path = written(tmp_path, zip_of(manifest(at(href)), File(b"index.html", PAGE)))
    told = [(one["code"], one["severity"]) for one in examined(path).findings]
    assert told[0] == (code, severity)


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    items = ITEM.replace("項目", "") + '<item identifier="J" identifierref="gone"/>'
    resources = RESOURCE.replace("index.html", "absent.html").replace(' adlcp:scormtype="sco"', "")
    odd = text(items, resources, version="9", default="absent")
    path = written(tmp_path, zip_of(manifest(odd, b"course/IMSManifest.xml"), File(b"other.txt")))
    assert {one["code"] for one in examined(path).findings} == {
        "launch_file_missing", "title_missing", "resource_dangling", "resource_type_missing",
        "no_sco", "default_organization_dangling", "schema_version_unknown", "manifest_in_folder",
        "manifest_name_case", "files_outside_folder",
    }  # fmt: skip


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp"]
DECLARED = [
    "UTF-8",
    "UTF-16",
    "Shift_JIS",
    "Windows-31J",
    "EUC-JP",
    "ISO-8859-15",
    "nonsense",
    None,
]


#: In ISO 8859 every byte of EUC is a letter: nothing gives that mistake away.
MISTAKES = [
    (encoding, declared)
    for encoding in ENCODINGS
    for declared in DECLARED
    if (encoding, declared) != ("euc_jp", "ISO-8859-15")
]


@pytest.mark.parametrize(("encoding", "declared"), MISTAKES)
def test_a_manifest_is_read_in_any_encoding_under_any_declaration(encoding, declared, tmp_path):
    ahead = f'<?xml version="1.0" encoding="{declared}"?>\r\n' if declared else ""
    data = (ahead + at("研修/一覧表.html").replace("講座", "表計算の研修")).encode(encoding)
    page = File(japanese("研修/一覧表.html"), PAGE)
    path = written(tmp_path, zip_of(File(b"imsmanifest.xml", data), page))
    found = examined(path)
    assert (found.title, found.findings) == ("表計算の研修", [])


BILLION = (
    '<!DOCTYPE manifest [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
FETCHED = '<!DOCTYPE manifest [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE manifest SYSTEM "http://127.0.0.1:9/a.dtd">'


@pytest.mark.requirement("CON-02")
@pytest.mark.parametrize("prolog", [BILLION, FETCHED, REMOTE], ids=["laughs", "xxe", "remote"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp932"])
def test_a_manifest_with_a_document_type_is_refused(prolog, encoding, tmp_path):
    data = (prolog + text().replace("講座", "&i;")).encode(encoding)
    path = written(tmp_path, zip_of(File(b"imsmanifest.xml", data), File(b"index.html", PAGE)))
    with pytest.raises(Refused, match="xml_doctype"):
        examined(path)


@pytest.mark.requirement("CON-02")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" " * (service.LONGEST_MANIFEST + 1), "too_large"),
        (b"<manifest>" + b"<x/>" * 300_000 + b"</manifest>", "xml_too_complex"),
        (b"<manifest>" + b"<x>" * 300_000, "xml_too_complex"),
        (b"<manifest>" * 101, "xml_malformed"),
        (b"<manifest/>" + b"\0" * 100, "xml_malformed"),
        (b"<course/>", "not_a_manifest"),
        (b"", "xml_malformed"),
    ],
    ids=["large", "wide", "open", "deep", "nul", "other", "nothing"],
)
def test_a_manifest_that_harms_or_says_nothing_is_refused(data, code, tmp_path):
    path = written(tmp_path, zip_of(File(b"imsmanifest.xml", data)))
    with pytest.raises(Refused, match=code):
        examined(path)


@pytest.mark.requirement("CON-02")
def test_a_manifest_that_names_one_long_thing_too_often_is_refused(tmp_path):
    files = "".join(f'<file href="{number}"/>' for number in range(50_000))
    resource = f'<resource identifier="R" xml:base="{"u" * 5_000}">{files}</resource>'
    path = written(tmp_path, zip_of(manifest(text(resources=resource))))
    with pytest.raises(Refused, match="xml_too_complex") as caught:
        examined(path)
    assert caught.value.data == {"what": "document", "limit": service.LONGEST_DOCUMENT}


@pytest.mark.requirement("CON-02")
def test_a_bomb_with_a_manifest_is_refused(tmp_path):
    bomb = File(b"film.mp4", b"", packed=deflated(bytes(90_000_000)), size=90_000_000, crc=0)
    path = written(tmp_path, zip_of(manifest(text()), File(b"index.html", PAGE), bomb))
    with pytest.raises(Refused, match="ratio_too_high"):
        examined(path)
