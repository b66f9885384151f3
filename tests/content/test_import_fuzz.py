"""Whatever is uploaded, its author reads a sentence of it, and a row can keep what came of it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli.package_check import speaking
from app.content.findings import text
from app.content.imports import service
from app.content.imports import text as import_text
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.kernel.web import filters
from tests.content_packages.made import File, zip_of
from tests.content_packages.test_fuzz import ARCHIVES, NAMES, mutated
from tests.scorm.test_fuzz_manifests import CHANCES, document

COURSES = st.builds(
    lambda chance, folder, names: zip_of(
        File(folder + b"imsmanifest.xml", document(chance)), *map(File, names)
    ),
    CHANCES,
    st.sampled_from([b"", b"", b"course/", "表/".encode("cp932")]),
    st.lists(NAMES, max_size=3, unique=True),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "upload.zip"


@pytest.fixture(scope="module", params=["ja", "en"])
def _language(request):
    with speaking(request.param):
        yield


def is_told(path: Path) -> None:
    try:
        examined = service.examine(path, Settings(instance=path.parent), lambda _done, _total: None)
    except Refused as refusal:
        told = [import_text.refusal(refusal.code, refusal.data, filters.size)]
        kept = refusal.data
    else:
        told = [text.finding(found["code"], found["data"]) for found in examined.findings]
        kept = {"manifest": examined.manifest, "findings": examined.findings}
    assert all(what and mending for what, mending in told)
    assert json.loads(json.dumps(kept, ensure_ascii=False).encode()) == kept


@pytest.mark.requirement("CON-02")
@pytest.mark.usefixtures("_language")
@settings(max_examples=100)
@given(archive=COURSES | ARCHIVES | mutated())
def test_any_upload_is_told_in_words(path, archive):
    path.write_bytes(archive)
    is_told(path)
