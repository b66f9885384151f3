"""Every code that an engine may give has its words in this wing."""

import pytest

from app.content.findings import text as findings_text
from app.content.imports import text as import_text
from app.content.materials import text
from app.content.materials.states import TRANSITIONS, VersionState
from app.content.outlines.queries import COURSES
from app.content.videos import queries as videos
from app.kernel.web import filters
from content_packages import errors, kinds, names
from scorm import findings
from scorm.edition import Edition
from xapi.cmi5 import report

#: Data of one refusal each: what its code brings along.
REFUSALS = {
    "too_large": {"what": "archive", "size": 3_000_000_000, "limit": 2_000_000_000},
    "unsafe_name": {"name": "../x", "reason": "parent"},
    "several_manifests": {"names": ["a/imsmanifest.xml", "b/imsmanifest.xml"]},
    "xml_malformed": {"line": 3, "column": 4},
    "not_a_manifest": {"root": "html"},
}
OURS = ("not_found", "worker_lost", "fault")
CODES = sorted({*findings.SEVERITIES, *kinds.NOTES, *videos.SEVERITIES, *report.SEVERITIES})
MANIFESTS = ("xml_encoding", "xml_doctype", "xml_too_complex", "xml_malformed", "not_a_manifest")
FINDING = {
    "title": "題",
    "address": "a.html",
    "scheme": "javascript",
    "reference": "R",
    "name": "a.html",
    "value": "x",
    "taken": "O",
    "count": 2,
    "resource": "R",
    "version": "9",
    "edition": "1.2",
    "example": "b.html",
    "element": "au",
}


@pytest.fixture(autouse=True)
def _language(office_app):
    with office_app.test_request_context(headers={"Accept-Language": "ja"}):
        yield


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize("code", [*errors.CODES, *MANIFESTS, *OURS])
def test_every_refusal_says_what_is_wrong_and_how_to_mend_it(code):
    usual = dict.fromkeys(errors.CODES.get(code, ()), "x")
    what, mending = import_text.refusal(code, REFUSALS.get(code, usual), filters.size)
    assert what
    assert mending.endswith("。")
    assert "%(" not in what + mending


@pytest.mark.parametrize("what", ["archive", "directory", "content", "file"])
def test_what_is_too_large_is_said_with_both_sizes(what):
    data = {"what": what, "size": 3_000_000_000, "limit": 2_000_000_000}
    sentence, _ = import_text.refusal("too_large", data, filters.size)
    assert "3.0 GB" in sentence
    assert "2.0 GB" in sentence


@pytest.mark.parametrize("reason", names.REASONS)
def test_every_unsafe_name_has_its_reason_in_words(reason):
    sentence, _ = import_text.refusal("unsafe_name", {"name": "x", "reason": reason}, filters.size)
    assert reason not in sentence


@pytest.mark.parametrize("code", CODES)
def test_every_finding_says_what_it_is_and_how_to_mend_it(code):
    what, mending = findings_text.finding(code, FINDING)
    assert what
    assert mending.endswith("。")
    assert "%(" not in what + mending


def test_no_word_is_kept_for_a_code_that_is_gone():
    assert set(findings_text.FINDINGS) == set(CODES)
    told = {code.partition(".")[0] for code in import_text.REFUSALS}
    assert told == {*errors.CODES, *MANIFESTS, *OURS}


def test_every_state_edition_and_severity_has_its_word():
    assert set(text.STATES) == set(VersionState)
    assert set(text.EDITIONS) == {*Edition, *COURSES}
    assert set(text.SEVERITIES) == set(findings.SEVERITIES.values())
    assert {line.target for line in TRANSITIONS.values()} <= set(text.STATES)
