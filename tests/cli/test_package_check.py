"""`kenshu package check`: what an import would say, on paper, as JSON, and by its exit code."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import kenshu
from app.cli.package_check import speaking
from app.content.findings import text as findings_text
from app.content.imports import service
from app.kernel.settings import Settings
from tests.content.made import package

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return package(tmp_path / "教材.zip")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A package whose only page is not there."""
    return package(tmp_path / "faulty.zip", href="nowhere.html")


def checked(*words: str | Path, **settings: str) -> Result:
    return CliRunner().invoke(kenshu, ["package", "check", *map(str, words)], env=settings)


def told(*words: str | Path) -> list[dict[str, Any]]:
    """Return what `--json` prints."""
    documents: list[dict[str, Any]] = json.loads(checked("--json", *words).output)
    return documents


def test_a_sound_package_is_told_with_its_edition_title_and_items(sound: Path) -> None:
    result = checked(sound)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        str(sound),
        "  SCORM 1.2  個人情報の守り方",
        "  開ける項目 1件、うち記録するもの（SCO） 1件",
        "  問題は見つかりませんでした。",
    ]


def test_each_finding_is_told_with_severity_code_place_and_both_sentences(faulty: Path) -> None:
    result = checked(faulty)
    assert result.exit_code == 1
    assert result.output.splitlines()[3:] == [
        "  エラー  launch_file_missing  I",
        "      「はじめに」で開くファイルがありません（nowhere.html）",
        "      ファイルを入れるか、imsmanifest.xmlの場所を直して、書き出し直してください。",
        "  参考  files_undeclared  imsmanifest.xml",
        "      目次に書かれていないファイルが1件あります（index.html など）",
        "      そのまま使えます。不要なファイルなら、除くと小さくなります。",
        "  確認の結果（エラー1件、注意0件、参考1件）",
    ]


def test_a_refusal_is_told_with_its_code_and_how_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no archive")
    result = checked(path)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        str(path),
        "  教材を登録できませんでした  not_a_zip",
        "      ZIPファイルではありません",
        "      SCORMかcmi5の形式で書き出したZIPファイルを選んでください。",
    ]


def test_a_package_without_a_title_is_called_so(tmp_path: Path) -> None:
    assert "  SCORM 1.2  （題名なし）" in checked(package(tmp_path / "p.zip", title="")).output


def test_the_language_can_be_chosen(faulty: Path) -> None:
    output = checked("--language", "en", faulty).output
    assert "  Error  launch_file_missing  I" in output
    assert "Add the file, or correct the place given in imsmanifest.xml" in output


def test_json_says_the_same_in_one_list(sound: Path, faulty: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "empty.zip"
    nothing.touch()
    first, second, third = told(sound, faulty, nothing)
    assert first == {
        "file": str(sound),
        "kind": "scorm",
        "edition": "1.2",
        "title": "個人情報の守り方",
        "scos": 1,
        "launchable": 1,
        "findings": [],
    }
    assert [found["code"] for found in second["findings"]] == [
        "launch_file_missing",
        "files_undeclared",
    ]
    assert second["findings"][0] == {
        "severity": "error",
        "code": "launch_file_missing",
        "place": "I",
        "data": {"title": "はじめに", "address": "nowhere.html"},
        "what": "「はじめに」で開くファイルがありません（nowhere.html）",
        "mending": "ファイルを入れるか、imsmanifest.xmlの場所を直して、書き出し直してください。",
    }
    assert third["file"] == str(nothing)
    assert (third["refused"]["code"], third["refused"]["data"]) == ("empty", {})
    assert third["refused"]["what"] == "ファイルの中身がありません"


def test_warnings_and_notices_alone_are_no_failure(tmp_path: Path) -> None:
    path = package(tmp_path / "p.zip", title="")
    assert [found["severity"] for found in told(path)[0]["findings"]] == ["warning"]
    assert checked(path).exit_code == 0


def test_one_faulty_package_among_sound_ones_is_a_failure(sound: Path, faulty: Path) -> None:
    assert checked(sound, sound).exit_code == 0
    assert checked("--json", sound, sound).exit_code == 0
    assert checked(faulty, sound).exit_code == 1
    assert checked("--json", faulty, sound).exit_code == 1


@pytest.mark.parametrize(
    "words", [[], ["absent.zip"], ["."], ["--language", "fr", "p.zip"]], ids=str
)
def test_arguments_that_cannot_be_used_are_told_apart(words: list[str]) -> None:
    result = checked(*words)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_a_file_that_cannot_be_read_is_an_argument_that_cannot_be_used(
    sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_any = os.open

    def open_others(path: Path, flags: int) -> int:
        if path == sound:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return open_any(path, flags)

    monkeypatch.setattr(os, "open", open_others)
    result = checked(sound)
    assert result.exit_code == 2
    assert f"{sound}: Permission denied" in result.stderr


def test_the_limit_of_uploads_holds_here_too(sound: Path) -> None:
    result = checked(sound, KENSHU_UPLOAD_LIMIT="10")
    assert result.exit_code == 1
    assert "too_large" in result.output


def test_nothing_is_written_and_no_instance_is_made(sound: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    assert checked(sound, KENSHU_INSTANCE=str(tmp_path / "instance")).exit_code == 0
    assert sorted(tmp_path.iterdir()) == before


def test_names_and_letters_that_a_terminal_lacks_are_no_fault(sound: Path) -> None:
    odd = sound.with_name(os.fsdecode(b"\xff\xfe.zip"))
    odd.write_bytes(sound.read_bytes())
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-c", "from app.cli import main; main()", "package", "check"]
    for words in ([], ["--json"]):
        done = subprocess.run(
            [*command, *words, str(sound), os.fsencode(odd)],
            cwd=ROOT, env=environment, capture_output=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["title"] == "個人情報の守り方"


def test_an_import_and_the_command_say_the_same(faulty: Path, settings: Settings) -> None:
    examined = service.examine(faulty, settings, lambda _done, _total: None)
    with speaking("ja"):
        expected = [
            findings_text.finding(found["code"], found["data"]) for found in examined.findings
        ]
    assert [(found["what"], found["mending"]) for found in told(faulty)[0]["findings"]] == expected


def test_no_file_of_the_shared_ones_ends_in_a_fault(shared: Path) -> None:
    files = sorted(path for path in (shared / "packages").rglob("*") if path.is_file())
    documents = told(*files)
    assert [document["file"] for document in documents] == [str(path) for path in files]
    assert all(("refused" in document) != ("findings" in document) for document in documents)
