"""Files of sections: the tree, its changes from a day on, and what goes on in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import SYSTEM
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.imports.models import Kind, Mode
from app.people.permission import queries as permission
from app.people.permission import service as granting
from app.people.permission.models import Role
from app.people.register import queries as register
from app.people.sections import queries
from app.people.sections.models import Section
from tests import factories
from tests.people.importing import SECTIONS_HEAD as HEAD
from tests.people.importing import Importing

APRIL = date(2027, 4, 1)


@pytest.fixture
def files(settings: Settings, database: Database, now: datetime) -> Importing:
    """The office, with files, in an installation that is no trial."""
    return Importing(replace(settings, demo=False), database, now)


def bring(files: Importing, rows: str, **how: object) -> dict[str, int]:
    return files.bring(HEAD + rows, Kind.SECTIONS, **how)


def tree(session: Session, moment: datetime) -> list[tuple[str, str, int]]:
    session.expire_all()
    return [(row.code, row.name, row.depth) for row in queries.tree(session, moment)]


def test_sections_come_in_any_order_and_make_a_tree(
    session: Session, files: Importing, now: datetime
) -> None:
    bring(files, "11,人事係,10\n10,総務課,1\n1,総務部,\n2,福祉部,\n")
    assert tree(session, now) == [
        ("1", "総務部", 0),
        ("10", "総務課", 1),
        ("11", "人事係", 2),
        ("2", "福祉部", 0),
    ]


def test_sections_can_be_renamed_moved_and_reordered(
    session: Session, files: Importing, now: datetime
) -> None:
    bring(files, "1,総務部,\n10,総務課,1\n2,福祉部,\n")
    rows = "2,福祉部,\n10,庶務課,2\n1,総務部,\n"
    assert bring(files, rows) == {"changed": 1, "unchanged": 2}
    assert [row[:2] for row in tree(session, now)] == [
        ("2", "福祉部"),
        ("10", "庶務課"),
        ("1", "総務部"),
    ]
    assert bring(files, rows) == {"unchanged": 3}


def test_a_part_of_the_sections_leaves_the_others_in_their_order(
    session: Session, files: Importing, now: datetime
) -> None:
    bring(files, "1,総務部,\n2,福祉部,\n")
    assert bring(files, "0,会計室,\n") == {"added": 1, "absent": 2}
    assert [row[0] for row in tree(session, now)] == ["1", "2", "0"]


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ("1,部,1\n", {"section_circle"}),
        ("1,部,2\n2,課,1\n3,係,2\n", {"section_circle"}),
        ("1,部,9\n2,課,1\n", {"section_unknown"}),
        ("1,部,\n1,課,\n", {"twice"}),
        ("1,,\n", {"missing"}),
        ("1,=cmd(),\n", {"formula"}),
        ("1 2,部,\n", {"code_unusable"}),
        ("1,部,,7\n", {"section_unknown"}),
    ],
)
def test_sections_that_make_no_tree_are_left_out(
    session: Session, files: Importing, rows: str, errors: set[str]
) -> None:
    batch = files.check(HEAD + rows, Kind.SECTIONS)
    assert {code for _, _, code in files.findings(batch)} == errors
    files.commit(batch.id, leaves_errors=True)
    assert session.scalar(sa.select(sa.func.count(Section.id))) == 0


@pytest.mark.requirement("STF-09", "STF-10")
def test_a_reorganisation_takes_effect_on_its_day_and_the_old_names_stay(
    session: Session, files: Importing, now: datetime
) -> None:
    bring(files, "1,総務部,\n10,人事課,1\n11,職員課,1\n")
    rows = "1,総務企画部,\n20,人材育成課,1,10 11\n"
    assert bring(files, rows, on=APRIL) == {"added": 1, "changed": 1, "absent": 2}
    eve = clock.end_of(APRIL - timedelta(days=1))
    for moment in (now, eve):
        assert tree(session, moment) == [
            ("1", "総務部", 0),
            ("10", "人事課", 1),
            ("11", "職員課", 1),
        ]
    morning = clock.start_of(APRIL)
    assert tree(session, morning) == [("1", "総務企画部", 0), ("20", "人材育成課", 1)]
    old = queries.by_code(session, clock.today(now))
    new = queries.by_code(session, APRIL)
    assert queries.successors(session, APRIL) == {
        old["10"].id: (new["20"].id,),
        old["11"].id: (new["20"].id,),
    }
    assert queries.names(session, APRIL)[old["10"].id] == "10 人事課"


@pytest.mark.requirement("STF-09")
def test_posts_go_on_in_the_one_successor(
    session: Session, files: Importing, now: datetime
) -> None:
    section = factories.section(session, "人事課", code="10")
    who = factories.person(session, section=section)
    granting.grant(session, who.id, Role.HEAD, section_id=section.id, by=SYSTEM, now=now)
    session.flush()
    bring(files, "20,人材育成課,,10\n", on=APRIL)
    session.expire_all()
    before = register.post_of(session, who.id, now)
    after = register.post_of(session, who.id, clock.start_of(APRIL))
    assert before
    assert after
    assert (before.section, after.section) == ("人事課", "人材育成課")
    new = queries.by_code(session, APRIL)["20"].id
    held = permission.grants_of(session, who.id, clock.start_of(APRIL))
    assert [grant.sections for grant in held if grant.role == Role.HEAD] == [frozenset({new})]
    assert [grant.role for grant in permission.grants_of(session, who.id, now)].count("head") == 1


def test_two_heads_do_not_come_of_two_sections_that_become_one(
    session: Session, files: Importing, now: datetime
) -> None:
    for code in ("10", "11"):
        section = factories.section(session, code=code)
        who = factories.person(session, section=section)
        granting.grant(session, who.id, Role.HEAD, section_id=section.id, by=SYSTEM, now=now)
    session.flush()
    bring(files, "20,人材育成課,,10 11\n", on=APRIL)
    new = queries.by_code(session, APRIL)["20"].id
    grants = permission.grants_of(session, who.id, clock.start_of(APRIL))
    assert all(new not in (grant.sections or ()) for grant in grants)


def test_who_has_two_ways_to_go_stays_until_somebody_says_where(
    session: Session, files: Importing, now: datetime
) -> None:
    section = factories.section(session, "人事課", code="10")
    who = factories.person(session, "甲", number="00012", section=section)
    batch = files.check(HEAD + "20,人事課,,10\n21,研修課,,10\n", Kind.SECTIONS, on=APRIL)
    assert batch.summary["left_behind"] == 1
    files.commit(batch.id)
    post = register.post_of(session, who.id, clock.start_of(APRIL))
    assert post
    assert post.section == "人事課"
    files.bring("職員番号,氏名,所属コード,職名\n00012,甲,21,主事\n", on=APRIL)
    session.expire_all()
    post = register.post_of(session, who.id, clock.start_of(APRIL))
    assert post
    assert post.section == "研修課"


def test_a_full_file_ends_the_sections_that_it_leaves_out(
    session: Session, files: Importing, now: datetime
) -> None:
    bring(files, "1,総務部,\n2,福祉部,\n")
    batch = files.check(HEAD + "1,総務部,\n", Kind.SECTIONS, mode=Mode.FULL, on=APRIL)
    assert batch.summary["ends"] == 1
    files.commit(batch.id)
    assert [row[0] for row in tree(session, clock.start_of(APRIL))] == ["1"]
    assert [row[0] for row in tree(session, now)] == ["1", "2"]


def test_what_is_taken_over_neither_goes_on_nor_leaves_parts_behind(
    session: Session, files: Importing
) -> None:
    bring(files, "1,総務部,\n10,人事課,1\n2,福祉部,\n")
    batch = files.check(HEAD + "3,新部,,1\n4,別部,,2\n2,福祉部,,\n", Kind.SECTIONS, on=APRIL)
    assert files.findings(batch) == [
        (2, "predecessors", "predecessor_has_below"),
        (3, "predecessors", "predecessor_continues"),
    ]


def test_heads_are_counted_here_and_below(session: Session, now: datetime) -> None:
    top = factories.section(session, "総務部")
    below = factories.section(session, "総務課", parent=top)
    factories.person(session, section=top)
    factories.person(session, section=below)
    gone = factories.person(session, section=below)
    gone.left_on = clock.today(now) - timedelta(days=1)
    session.flush()
    rows = queries.tree(session, now)
    assert [(row.people, row.people_below) for row in rows] == [(1, 2), (1, 1)]
