"""C01: of a person nothing is kept but the approved items, and the operating data named here.

A new column of a table with a path to a person fails here until somebody has said which of the
fourteen items it holds, or why the server cannot run without it. Neither is to be said lightly: the
list of items is closed, and what is operating data is told to the ward.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app import factory
from app.kernel.db import Base

assert factory  # imports every row of every wing

#: The approved items, by their number.
ITEMS = {
    1: "職員番号",
    2: "氏名",
    3: "所属",
    4: "兼務先",
    5: "職名",
    6: "職種",
    7: "職務名",
    8: "性別",
    9: "年齢",
    10: "採用(昇任)年月日",
    11: "メールアドレス",
    12: "テスト・アンケート回答内容",
    13: "受講結果報告",
    14: "受講履歴",
}

KEY = "operating data: a key, or the key of what it belongs to"
DAYS = "operating data: from when until when it holds"
WHO = "operating data: who did it, for the audit"
WHEN = "operating data: when it was done"

_PERIOD = {"valid_from": DAYS, "valid_to": DAYS}

#: Table → column → the number of its item, or why it is operating data.
COLUMNS: dict[str, dict[str, int | str]] = {
    "person": {
        "id": KEY,
        "name": 2,
        "name_key": 2,
        "email": 11,
        "gender": 8,
        "age": 9,
        "age_as_of": 9,
        "hired_on": 10,
        "promoted_on": 10,
        "left_on": "operating data: the end of the post (3), from which no sign-in is let in",
        "confirmed_on": "operating data: how old the items are (正確性)",
        "restricted_at": "operating data: since when the items are not used (利用停止)",
    },
    "staff_number": {"id": KEY, "person_id": KEY, "number": 1, **_PERIOD},
    "appointment": {
        "id": KEY,
        "person_id": KEY,
        "section_id": 3,
        "title_id": 5,
        "kind": 4,
        "job_type": 6,
        "duty": 7,
        **_PERIOD,
    },
    "exclusion_period": {"id": KEY, "person_id": KEY, **_PERIOD},
    "person_merge": {
        "id": KEY,
        "kept_id": KEY,
        "merged_id": KEY,
        "moved": "operating data: keys of rows, and the items of the merged entry, to part them",
        "merged_by": WHO,
        "merged_at": WHEN,
        "undone_at": WHEN,
    },
    "role_grant": {
        "id": KEY,
        "person_id": KEY,
        "role": "operating data: what somebody may do",
        "section_id": "operating data: how far it reaches",
        "with_children": "operating data: how far it reaches",
        "training_id": "operating data: how far it reaches",
        "granted_by": WHO,
        **_PERIOD,
    },
    "delegation": {
        "id": KEY,
        "from_id": KEY,
        "to_id": KEY,
        "role": "operating data: what somebody may do in another's place",
        "created_by": WHO,
        **_PERIOD,
    },
    "credential": {
        "person_id": KEY,
        "password_hash": "operating data: to know who signs in",
        "must_change": "operating data: to know who signs in",
        "changed_at": WHEN,
    },
    "former_password": {
        "id": KEY,
        "person_id": KEY,
        "password_hash": "operating data: so that no password is chosen again",
        "ended_at": WHEN,
    },
    "account": {
        "person_id": KEY,
        "failures": "operating data: to stop guessing",
        "locked_until": "operating data: to stop guessing",
        "frozen_at": "operating data: since when nobody signs in by it",
        "frozen_by": WHO,
    },
    "second_factor": {
        "person_id": KEY,
        "secret": "operating data: to know who signs in, sealed",
        "proposed": "operating data: to know who signs in, sealed",
        "last_step": "operating data: so that no code is used twice",
        "set_up_at": WHEN,
    },
    "recovery_code": {
        "id": KEY,
        "person_id": KEY,
        "code_hash": "operating data: to know who signs in",
        "used_at": WHEN,
    },
    "purpose_confirmation": {
        "id": KEY,
        "person_id": KEY,
        "version": "operating data: which wording somebody has read (利用目的明示)",
        "confirmed_at": WHEN,
    },
    "operator": {
        "person_id": KEY,
        "number": "operating data: an account of who runs the system on contract",
        "valid_to": DAYS,
        "created_at": WHEN,
    },
    "sign_in": {
        "id": KEY,
        "person_id": KEY,
        "method": "operating data: by what it was proved who signs in",
        "is_shared": "operating data: whether the terminal is a shared one",
        "created_at": WHEN,
        "second_factor_at": WHEN,
        "ended_at": WHEN,
    },
    "notice": {
        "id": KEY,
        "person_id": KEY,
        "kind": "operating data: what was told (通知記録)",
        "version": "operating data: by which version of the words it was told",
        "data": "operating data: titles and days that fill the sentence",
        "events": "operating data: when and where, for a calendar; about nobody",
        "path": "operating data: where it leads",
        "created_at": WHEN,
        "read_at": WHEN,
        "dedupe_key": "operating data: so that nothing is told twice",
        "mail": "operating data: how its mail stands",
        "mail_at": WHEN,
        "mail_error": "operating data: a code, why the mail has not arrived",
    },
    "audit_event": dict.fromkeys(
        ("seq", "at", "action", "actor_id", "role", "for_id", "subject_kind", "subject_id",
         "details", "salt", "details_hash", "address", "reference", "seal_version",
         "previous_hash", "hash"),
        "operating data: the audit (いつ・だれが・何を・どこから)",
    ),
    "audit_person": {
        "person_id": KEY,
        "seq": "operating data: which line of the audit showed them",
    },
    "job": {
        "id": KEY,
        "name": "operating data: what is to be done",
        "arguments": "operating data: keys and codes it needs",
        "status": "operating data: how the work stands",
        "created_by": WHO,
        "role": WHO,
        "for_id": "operating data: in whose place it was asked, for the audit",
        "created_at": WHEN,
        "result": "operating data: keys, counts, or the code of a refusal",
        "ended_at": WHEN,
        **dict.fromkeys(
            ("done", "total", "attempts", "lease_until"),
            "operating data: how far the work is, and that its worker lives",
        ),
    },
    "disclosure": {
        "id": KEY,
        "person_id": KEY,
        "created_by": WHO,
        "created_at": WHEN,
        "job_id": KEY,
        "fetched_at": WHEN,
    },
    "retention_hold": {
        "id": KEY,
        "person_id": KEY,
        "reason": "operating data: a code, why rows are kept though they are due",
        "until": DAYS,
        "placed_by": WHO,
        "placed_at": WHEN,
        "lifted_at": WHEN,
    },
    "erasure_line": {
        "id": KEY,
        "erasure_id": KEY,
        "person_id": KEY,
        "rows": "operating data: how many rows are due to be erased",
        "oldest_on": "operating data: since when they could be",
    },
    "enrolment": {
        "id": KEY,
        "run_id": 14,
        "person_id": KEY,
        "state": 14,
        "section_id": 3,
        "title_id": 5,
        "decided_at": 14,
        "state_before": 14,
        "extended_until": 14,
        "candidacy_id": KEY,
        "follows_id": KEY,
    },
    "candidacy": {
        "id": KEY,
        "offering_id": 14,
        "person_id": KEY,
        "section_id": 3,
        "title_id": 5,
        **dict.fromkeys(
            (
                *("route", "state", "rank", "is_over_quota", "exception", "proposal", "run_id"),
                *("waiting", "answer", "created_at"),
            ),
            14,
        ),
        "entered_by": WHO,
    },
    "calendar_key": {
        "person_id": KEY,
        "key_hash": "operating data: to know whose calendar asks",
        "created_at": WHEN,
        "used_at": WHEN,
    },
    "preference": {"candidacy_id": KEY, "position": 14, "run_id": 14},
    "audience_member": {
        "id": KEY,
        "offering_id": 14,
        "person_id": KEY,
        "section_id": 3,
        "title_id": 5,
        "source": "operating data: how somebody came to be asked",
        "added_at": WHEN,
    },
    "approval_step": {
        "id": KEY,
        "subject_id": KEY,
        "action": "operating data: what was said to a request",
        "actor_id": WHO,
        "for_id": WHO,
        "role": "operating data: as which role it was said, to show what is done for another",
        "reason": "operating data: a code, never words",
        "at": WHEN,
    },
    "order_line": {
        "id": KEY,
        "order_id": KEY,
        "enrolment_id": KEY,
        "person_id": KEY,
        "number": 1,
        "name": 2,
        "section": 3,
        "section_id": 3,
        "title": 5,
        "acknowledged_at": 14,
    },
    "change_request": {
        "id": KEY,
        "enrolment_id": KEY,
        **dict.fromkeys(("kind", "state", "run_id", "is_urgent"), 14),
        "reason": "operating data: a code, never words",
        "successor_id": KEY,
        "requested_by": WHO,
        "requested_at": WHEN,
    },
    "attendance": {
        "id": KEY,
        "enrolment_id": KEY,
        "session_id": KEY,
        **dict.fromkeys(
            ("announced", "announced_at", "presence", "minutes", "makes_up_id", "checked_in_at"),
            14,
        ),
        "make_up": 14,
        "make_up_item_id": 14,
        "reason": "operating data: one of three codes (公務, 休暇等, その他), never words",
        "announced_by": WHO,
        "noted_by": WHO,
        "noted_at": WHEN,
    },
    "attendance_override": {
        "enrolment_id": KEY,
        "is_enough": 14,
        "reason": "operating data: one of a few codes, never words",
        "decided_by": WHO,
        "decided_at": WHEN,
    },
    "assignment": {"id": KEY, "enrolment_id": KEY, "run_item_id": 14},
    "learner_record": {
        "id": KEY,
        "person_id": KEY, "guest_id": KEY,
        "material_id": 14,
        "assignment_id": KEY,
        **dict.fromkeys(
            ("status", "score", "progress", "seconds", "started_at", "completed_at", "last_at"), 14
        ),
        "extra_sittings": "operating data: how often a test may be sat beyond its own number",
    },
    "attempt": {
        "id": KEY,
        "record_id": KEY,
        "person_id": KEY, "guest_id": KEY,
        "document": 12,
        "answer": "operating data: the last answer of the server, given again when asked again",
        "lease": "operating data: which window may write",
        "opened_lease": "operating data: which window may write",
        "sequence": "operating data: so that nothing is written twice",
        "step": "operating data: so that nothing is written twice",
        "is_traced": "operating data: whether a log for the author is kept",
        **dict.fromkeys(
            ("version_id", "number", "status", "score", "progress", "seconds", "completed_at",
             "created_at", "committed_at", "late_at", "ended_at"),
            14,
        ),
    },
    "sitting": {
        "id": KEY,
        "record_id": KEY,
        "person_id": KEY,
        "answers": 12,
        "marks": 12,
        "seed": "operating data: what the questions were drawn by",
        "sequence": "operating data: so that nothing is written twice",
        **dict.fromkeys(
            ("version_id", "number", "drawn", "started_at", "ends_at", "saved_at", "submitted_at",
             "is_by_time", "score", "is_passed", "marked_at"),
            14,
        ),
        "marked_by": WHO,
    },
    "named_response": {
        "id": KEY,
        "record_id": KEY,
        "group_id": KEY,
        "version_id": KEY,
        "answers": 12,
        "saved_at": WHEN,
        "submitted_at": WHEN,
    },
    "result_report": {
        "id": KEY,
        "enrolment_id": KEY,
        "state": 13,
        "answers": 13,
        "saved_at": WHEN,
    },
    "report_version": {
        "id": KEY,
        "report_id": KEY,
        **dict.fromkeys(("number", "fields", "answers", "submitted_at"), 13),
        **dict.fromkeys(("comment", "office_comment"), 13),
    },
    "completion_decision": {
        "id": KEY,
        "enrolment_id": KEY,
        **dict.fromkeys(("number", "is_completed", "rule", "facts"), 14),
        "reason": "operating data: one of a few codes, never words",
        "decided_by": WHO,
        "decided_at": WHEN,
    },
    "certificate": {
        "id": KEY,
        "enrolment_id": KEY,
        "decision_id": KEY,
        **dict.fromkeys(("fiscal_year", "number", "document", "issued_on"), 14),
        "check_code": "operating data: by which a certificate is confirmed",
        "issued_by": WHO,
        "issued_at": WHEN,
        "revoked_at": WHEN,
    },
    "ledger_entry": {
        "id": KEY,
        "import_id": KEY,
        "person_id": KEY,
        **dict.fromkeys(
            ("title", "training_id", "fiscal_year", "completed_on", "is_completed"), 14
        ),
        "section": 3,
        "job_title": 5,
    },
    "saved_filter": {
        "id": KEY,
        "person_id": KEY,
        "endpoint": "operating data: which list somebody wants again",
        "name": "operating data: what they call it",
        "query": "operating data: how the list is narrowed and ordered",
        "created_at": WHEN,
    },
    "shared_value": {
        "id": KEY, "person_id": KEY, "guest_id": KEY, "kind": 12, "target": 12, "document": 12,
    },
    # Who comes from a portal is no person here until they say so themselves, or the office does.
    "portal_learner": {
        "id": KEY,
        "portal_id": KEY,
        "subject": "operating data: what a portal knows somebody by, to know them again",
        "person_id": KEY,
        "linked_by": "operating data: how it was proved who they are",
        "linked_at": WHEN,
        "created_at": WHEN,
    },
    "portal_assignment": {
        "id": KEY,
        "link_id": KEY,
        "learner_id": KEY,
        "material_id": 14,
        "is_scored": "operating data: whether a portal takes scores of theirs",
        "return_url": "operating data: the page of the portal that is led back to",
        "created_at": WHEN,
    },
    "portal_score": {
        "assignment_id": KEY,
        **dict.fromkeys(("activity_progress", "grading_progress", "given"), 14),
        **dict.fromkeys(
            ("revision", "sent_revision", "sent_at", "is_final_sent", "stamped_at", "next_at",
             "failures", "error", "answer"),
            "operating data: that a score is sent once, and in order",
        ),
    },
    # What content and other systems tell of whoever learns, and of whom else, it is theirs to say.
    "xapi_statement": {
        "seq": KEY,
        "id": KEY,
        "target_id": KEY,
        "stored_at": WHEN,
        "text": 14,
        "fingerprint": "operating data: so that no statement is kept twice",
        "is_voiding": "operating data: that a statement takes back another",
        "is_voided": "operating data: that a statement was taken back",
    },
    "xapi_outgoing": {
        "forward_id": KEY,
        "seq": KEY,
        "refused_at": WHEN,
        "status": "operating data: with what another store has refused a statement",
        "answer": "operating data: what it said of it, cut, until it is sent or erased",
    },
    "xapi_term": {"term": "operating data: by what a statement is found", "seq": KEY},
    "xapi_attachment": {"sha2": KEY, "content_type": 12, "content": 12},
    "xapi_document": {
        "about": KEY,
        "registration": KEY,
        "name_hash": KEY,
        "name": "operating data: what content calls what it keeps",
        "content_type": 12,
        "content": 12,
        "updated_at": WHEN,
    },
    "xapi_session": {
        "id": KEY,
        "attempt_id": KEY,
        "unit": "operating data: which part of the course was launched",
        "mode": "operating data: how it was launched",
        "fetch_hash": "operating data: what its content's token is asked for with, as a hash",
        "token_hash": "operating data: the token, as a hash",
        "said": "operating data: so that content says nothing twice",
        **dict.fromkeys(
            ("launched_at", "initialized_at", "last_at", "until_at", "expires_at", "ended_at"),
            WHEN,
        ),
        "ending": "operating data: how it has ended",
    },
    "xapi_preparation": {"session_id": KEY},
    # Learners of other systems: what a system names them by is its own.
    "api_learner": {
        "id": KEY,
        "client_id": KEY,
        "identity_hash": "operating data: the agent, as a hash",
        "agent": "operating data: by what another system knows its learner",
        "created_at": WHEN,
    },
    "api_registration": {
        "id": KEY,
        "learner_id": KEY,
        "material_id": 14,
        "created_at": WHEN,
    },
    "attempt_told": {
        "attempt_id": KEY,
        "next_at": "operating data: when the record store is told of it next",
        "turns": 12,
        "told": "operating data: what the record store was told, so that nothing is told twice",
    },
    "trace_lines": {
        "id": KEY,
        "attempt_id": KEY,
        "at": WHEN,
        "source": "operating data: who said it, the content or the sequencer",
        "lines": 12,
    },
    "import_row": {
        "id": KEY,
        "batch_id": KEY,
        "row": "operating data: the line of the file",
        "state": "operating data: what the line would do",
        "data": "operating data: items 1 to 11 between check and commit, for a day at most",
    },
}  # fmt: skip

#: Tables that name who did something, and hold nothing else about anybody.
OF_MAKERS = {
    "import_batch",
    "material",
    "notice_template",
    "material_version",
    "retention_period",
    "erasure",
    "purpose_statement",
    "training_order",
    "section_answer",
    "question_bank",
    "ledger_import",
    "upload",
    "video",
    "video_part",
    "portal",
    "portal_deployment",
    "portal_invitation",
    "xapi_client",
    "xapi_forward",
}
#: Tables without anybody.
OF_NOBODY = {
    "audit_head", "outbox", "register_revision", "run", "run_item", "section", "section_successor",
    "section_version", "title", "training", "training_category", "offering", "prerequisite",
    "quota", "run_session",
    "anonymous_response", "question", "report_form",
    "portal_key", "portal_material", "portal_login", "portal_launch", "portal_link",
    "recorded_setting", "used_assertion", "system_state",
    "xapi_activity", "xapi_forward_rule",
}  # fmt: skip
#: Columns without a foreign key that are a person's key all the same.
PERSONS = {"person_id", "actor_id", "subject_id", "for_id"}

ADVICE = (
    "{0} is new in a table with a path to a person. The items that may be kept are closed (C01): "
    "if it holds one of the fourteen, give its number in COLUMNS of this file; if the server "
    "cannot run without it, write 'operating data: why' there, and tell the ward in the list of "
    "operating data; otherwise do not keep it."
)


def unsaid(metadata: sa.MetaData) -> list[str]:
    """Return, with advice, every column and table about which this file says nothing."""
    faults = []
    for table in metadata.sorted_tables:
        if table.name in COLUMNS:
            known = COLUMNS[table.name]
            faults += [
                ADVICE.format(f"{table.name}.{column.name}")
                for column in table.columns
                if column.name not in known
            ]
        elif table.name not in OF_MAKERS | OF_NOBODY or _is_about_somebody(table):
            faults.append(ADVICE.format(f"the table {table.name}"))
    return faults


def _is_about_somebody(table: sa.Table) -> bool:
    """Whether a table that claims to be about nobody has a path to a person all the same."""
    points = {key.column.table.name for key in table.foreign_keys}
    return bool(points & set(COLUMNS) or PERSONS & {column.name for column in table.columns})


@pytest.mark.requirement("STF-05")
def test_of_a_person_nothing_is_kept_but_what_is_said_here() -> None:
    assert unsaid(Base.metadata) == []


def test_nothing_is_said_of_columns_that_are_not_there() -> None:
    gone = [
        f"{table}.{column}"
        for table, columns in COLUMNS.items()
        for column in columns
        if column not in Base.metadata.tables[table].columns
    ]
    assert gone == []
    assert set(Base.metadata.tables) >= OF_MAKERS | OF_NOBODY


def test_every_item_of_the_register_has_its_column_and_no_number_is_made_up() -> None:
    numbers = {
        what for columns in COLUMNS.values() for what in columns.values() if isinstance(what, int)
    }
    assert numbers <= set(ITEMS)
    assert set(range(1, 12)) <= numbers
    reasons = [
        what for columns in COLUMNS.values() for what in columns.values() if isinstance(what, str)
    ]
    assert all(reason.startswith("operating data: ") for reason in reasons)


def test_a_new_column_or_table_fails_with_what_to_do() -> None:
    metadata = sa.MetaData()
    for table in Base.metadata.sorted_tables:
        table.to_metadata(metadata)
    metadata.tables["person"].append_column(sa.Column("birthday", sa.Date))
    sa.Table("remark", metadata, sa.Column("person_id", sa.ForeignKey("person.id")))
    metadata.tables["section"].append_column(sa.Column("person_id", sa.Uuid))
    found = unsaid(metadata)
    named = {fault.partition(" is new")[0] for fault in found}
    assert named == {"the table section", "person.birthday", "the table remark"}
    assert all("do not keep it" in fault for fault in found)


def test_there_is_no_place_for_a_reading_of_the_name_or_a_date_of_birth() -> None:
    forbidden = ("kana", "furigana", "reading", "birth", "address_", "phone")
    columns = [
        f"{table}.{column.name}"
        for table in COLUMNS
        for column in Base.metadata.tables[table].columns
    ]
    assert [name for name in columns if any(word in name for word in forbidden)] == []
