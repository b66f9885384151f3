"""The list of settings says what the code says."""

from __future__ import annotations

from dataclasses import fields

from app.cli import setting_list
from app.kernel.settings import Settings


def test_every_setting_is_listed_with_its_meaning() -> None:
    listed = {each.variable: each for each in setting_list.settings()}
    assert set(listed) == {f"KENSHU_{field.name.upper()}" for field in fields(Settings)}
    assert all(each.meaning.endswith(".") for each in listed.values())


def test_a_listed_default_can_be_set_as_it_stands() -> None:
    defaults = {each.variable: each.default for each in setting_list.settings()}
    assert Settings.from_environment(defaults) == Settings.from_environment({})


def test_a_comment_of_two_lines_is_one_sentence() -> None:
    [mail] = [each for each in setting_list.settings() if each.variable == "KENSHU_MAIL"]
    assert mail.default == "folder"
    assert "smtps://" in mail.meaning
    assert "#:" not in mail.meaning
