"""From an upload to a draft version: what is taken, what is refused, what is kept of it."""

import pytest
import sqlalchemy as sa

from app.content.imports import service
from app.content.materials import access
from app.content.materials.models import Material, Version
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Refused
from content_packages.store import Store
from tests import factories
from tests.content.made import package

GOLF = (
    ("scorm12/RuntimeBasicCalls_SCORM12", "1.2"),
    ("scorm2004/ContentPackagingSingleSCO_SCORM20042ndEdition", "2004-2"),
    ("scorm2004/RuntimeBasicCalls_SCORM20043rdEdition", "2004-3"),
    ("scorm2004/SequencingPostTestRollup4thEd_SCORM20044thEdition", "2004-4"),
)


def unwatched(_done, _total):
    """Report to nobody."""


def refusal(path, settings):
    with pytest.raises(Refused) as caught:
        service.examine(path, settings, unwatched)
    return caught.value


@pytest.mark.requirement("CON-01")
@pytest.mark.parametrize(("name", "edition"), GOLF)
def test_a_real_package_is_taken_with_its_edition_and_can_be_published(
    name, edition, shared, settings
):
    examined = service.examine(shared / f"packages/golf/{name}.zip", settings, unwatched)
    assert examined.edition == edition
    assert examined.title.startswith("Golf Explained")
    assert (examined.kind, examined.root) == ("scorm", "")
    assert examined.scos >= 1
    assert not [found for found in examined.findings if found["severity"] == "error"]


def test_every_real_package_of_scorm_is_taken(shared, settings):
    packages = [
        path
        for kind in ("scorm12", "scorm2004")
        for path in (shared / f"packages/golf/{kind}").glob("*.zip")
    ]
    assert len(packages) > 20
    for path in packages:
        assert service.examine(path, settings, unwatched).size == path.stat().st_size


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("broken/scorm12/MalformedXml_SCORM12.zip", "xml_malformed"),
        ("hostile-zips/zip-slip.zip", "unsafe_name"),
        ("README.md", "not_a_zip"),
    ],
)
def test_what_is_no_package_is_refused_with_a_code(path, code, shared, settings):
    assert refusal(shared / "packages" / path, settings).code == code


def test_a_package_that_cannot_be_launched_is_taken_with_an_error_among_its_findings(
    tmp_path, settings
):
    examined = service.examine(
        package(tmp_path / "p.zip", href="nowhere.html"), settings, unwatched
    )
    errors = [found["code"] for found in examined.findings if found["severity"] == "error"]
    assert errors == ["launch_file_missing"]


def test_what_is_wrong_is_told_before_what_is_odd_and_items_are_counted(shared, settings):
    path = shared / "packages/golf/scorm12/ComplexNestedOrganization_SCORM12.zip"
    examined = service.examine(path, settings, unwatched)
    severities = [found["severity"] for found in examined.findings]
    assert severities == sorted(severities, key=["error", "warning", "notice"].index)
    assert (examined.scos, examined.assets) == (11, 0)


def test_an_upload_beyond_the_setting_is_refused(tmp_path, settings):
    small = type(settings)(instance=settings.instance, upload_limit=10)
    error = refusal(package(tmp_path / "p.zip"), small)
    assert (error.code, error.data["what"], error.data["limit"]) == ("too_large", "archive", 10)


def test_a_new_material_bears_the_title_of_its_manifest(session, settings, tmp_path, now):
    author = factories.person(session)
    examined = service.examine(package(tmp_path / "p.zip"), settings, unwatched)
    version = service.add_version(session, examined, "p.zip", None, by=author.id, now=now)
    material = session.get_one(Material, version.material_id)
    assert (material.title, version.number, version.state) == ("個人情報の守り方", 1, "draft")
    assert version.manifest["organizations"][0]["items"][0]["title"] == "はじめに"
    line = session.scalars(sa.select(AuditEvent)).one()
    assert (line.action, line.subject_id) == ("material_version.imported", version.id)


def test_a_material_without_a_title_is_called_by_its_file(session, settings, tmp_path, now):
    author = factories.person(session)
    examined = service.examine(package(tmp_path / "p.zip", title=""), settings, unwatched)
    version = service.add_version(session, examined, "接遇研修.zip", None, by=author.id, now=now)
    assert session.get_one(Material, version.material_id).title == "接遇研修"


def test_a_second_version_is_numbered_behind_the_first_and_changes_nothing_of_it(
    session, settings, tmp_path, now
):
    author = factories.person(session)
    examined = service.examine(package(tmp_path / "p.zip", title="新しい題"), settings, unwatched)
    material = factories.material(session, author, "前からの題")
    version = service.add_version(session, examined, "p.zip", material.id, by=author.id, now=now)
    assert version.number == 2
    assert material.title == "前からの題"
    states = session.execute(sa.select(Version.number, Version.state).order_by(Version.number))
    assert [tuple(row) for row in states] == [(1, "published"), (2, "draft")]


def test_a_kept_package_is_found_in_the_store_of_the_settings(settings, tmp_path):
    path = package(tmp_path / "p.zip")
    examined = service.examine(path, settings, unwatched)
    service.keep(access.store(settings), path, examined.sha256)
    service.keep(access.store(settings), path)
    assert "index.html" in Store(settings.packages).open(examined.sha256).entries
    assert len(list(settings.packages.rglob("*.zip"))) == 1


def test_text_of_a_stranger_is_made_harmless_before_it_is_kept():
    assert service.plain("a\0b\u202ec.zip") == "a�b�c.zip"
    assert len(service.plain("x" * 1000)) == 200
