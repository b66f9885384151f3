"""The tables of elements, and what the browser gets of them."""

import json
import runpy
import sys

import pytest

from scorm import element
from scorm.edition import Edition
from scorm.elements_1_2 import STRICT_SUSPEND_DATA, SUSPEND_DATA


@pytest.mark.parametrize("edition", Edition)
def test_the_table_survives_json(edition: Edition) -> None:
    table = element.export(edition)
    again = json.loads(json.dumps(table))
    assert [row["name"] for row in again["elements"]] == list(element.rows(edition))
    assert again["edition"] == edition.value


@pytest.mark.parametrize("edition", Edition)
def test_what_an_element_requires_is_an_element(edition: Edition) -> None:
    table = element.rows(edition)
    assert all(name in table for row in table.values() for name in row.requires)


@pytest.mark.parametrize("edition", Edition)
def test_every_default_is_in_its_vocabulary_but_the_word_that_is_the_lms_s(
    edition: Edition,
) -> None:
    strays = [
        row.name
        for row in element.rows(edition).values()
        if row.vocabulary and row.default is not None and row.default not in row.vocabulary
    ]
    assert strays == (["cmi.core.lesson_status"] if edition is Edition.SCORM_12 else [])


def test_an_index_becomes_the_n_of_its_row() -> None:
    assert element.pattern_of("cmi.interactions.10.objectives.2.id") == (
        "cmi.interactions.n.objectives.n.id"
    )
    assert element.pattern_of("cmi.objectives._count") == "cmi.objectives._count"


def test_a_target_keeps_its_dots_and_digits() -> None:
    name = "adl.nav.request_valid.choice.{target=part.1.page.2}"
    found = element.find(Edition.SCORM_2004_4, name)
    assert found is not None
    assert found.name == "adl.nav.request_valid.choice"


def test_shared_data_and_jump_came_with_the_fourth_edition() -> None:
    names = ("adl.data.0.store", "adl.data._count", "adl.nav.request_valid.jump.{target=a}")
    assert [element.find(Edition.SCORM_2004_3, name) for name in names] == [None] * 3
    assert all(element.find(Edition.SCORM_2004_4, name) for name in names)


def test_suspend_data_of_1_2_is_as_long_as_the_book_says_only_when_strict() -> None:
    name = "cmi.suspend_data"
    limits = [element.rows(Edition.SCORM_12, strict=strict)[name].limit for strict in (False, True)]
    assert limits == [SUSPEND_DATA, STRICT_SUSPEND_DATA]


def test_the_table_can_be_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["element", "1.2", "--strict"])
    runpy.run_path(element.__file__, run_name="__main__")
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(element.export(Edition.SCORM_12, strict=True)))
