"""What the rooms of the training office say when they refuse, and write into the audit."""

from __future__ import annotations

from app.training.approvals import text as approvals_text
from app.training.attendance import text as attendance_text
from app.training.attendance_files import text as attendance_files_text
from app.training.audiences import text as audiences_text
from app.training.calendars import text as calendars_text
from app.training.calls import text as calls_text
from app.training.candidacies import text as candidacies_text
from app.training.certificates import text as certificates_text
from app.training.changes import text as changes_text
from app.training.check_in import text as check_in_text
from app.training.completion import text as completion_text
from app.training.copies import text as copies_text
from app.training.decisions import text as decisions_text
from app.training.endings import text as endings_text
from app.training.enrolment import text as enrolment_text
from app.training.institutes import text as institutes_text
from app.training.ledgers import text as ledgers_text
from app.training.make_ups import text as make_ups_text
from app.training.marking import text as marking_text
from app.training.naming import text as naming_text
from app.training.nominations import text as nominations_text
from app.training.offerings import text as offerings_text
from app.training.ordering import text as ordering_text
from app.training.orders import text as orders_text
from app.training.plans import text as plans_text
from app.training.quotas import text as quotas_text
from app.training.reminders import text as reminders_text
from app.training.report_desk import text as report_desk_text
from app.training.report_forms import text as report_forms_text
from app.training.report_notices import text as report_notices_text
from app.training.report_papers import text as report_papers_text
from app.training.results import text as results_text
from app.training.roster import text as roster_text
from app.training.seat_page import text as seat_page_text
from app.training.seats import text as seats_text
from app.training.selection import text as selection_text
from app.training.survey_results import text as survey_results_text
from app.training.syllabus import text as syllabus_text
from app.training.telling import text as telling_text
from app.training.verdicts import text as verdicts_text
from app.training.viewing import text as viewing_text

#: What each room says when it refuses, by code.
SENTENCES = (
    offerings_text.SENTENCES,
    endings_text.SENTENCES,
    syllabus_text.SENTENCES,
    plans_text.SENTENCES,
    quotas_text.SENTENCES,
    reminders_text.SENTENCES,
    institutes_text.SENTENCES,
    ledgers_text.SENTENCES,
    approvals_text.SENTENCES,
    attendance_text.SENTENCES,
    attendance_files_text.SENTENCES,
    check_in_text.SENTENCES,
    decisions_text.SENTENCES,
    certificates_text.SENTENCES,
    make_ups_text.SENTENCES,
    marking_text.SENTENCES,
    audiences_text.SENTENCES,
    candidacies_text.SENTENCES,
    nominations_text.SENTENCES,
    calls_text.SENTENCES,
    changes_text.SENTENCES,
    ordering_text.SENTENCES,
    selection_text.SENTENCES,
    orders_text.SENTENCES,
    seats_text.SENTENCES,
    roster_text.SENTENCES,
    enrolment_text.SENTENCES,
    results_text.SENTENCES,
    report_desk_text.SENTENCES,
    report_forms_text.SENTENCES,
    report_papers_text.SENTENCES,
)

#: What each room writes into the audit.
ACTS = (
    endings_text.ACTS,
    calendars_text.ACTS,
    reminders_text.ACTS,
    syllabus_text.ACTS,
    plans_text.ACTS,
    offerings_text.ACTS,
    copies_text.ACTS,
    quotas_text.ACTS,
    institutes_text.ACTS,
    ledgers_text.ACTS,
    attendance_text.ACTS,
    attendance_files_text.ACTS,
    check_in_text.ACTS,
    make_ups_text.ACTS,
    marking_text.ACTS,
    verdicts_text.ACTS,
    viewing_text.ACTS,
    completion_text.ACTS,
    decisions_text.ACTS,
    certificates_text.ACTS,
    survey_results_text.ACTS,
    seat_page_text.ACTS,
    audiences_text.ACTS,
    candidacies_text.ACTS,
    calls_text.ACTS,
    naming_text.ACTS,
    changes_text.ACTS,
    selection_text.ACTS,
    orders_text.ACTS,
    roster_text.ACTS,
    results_text.ACTS,
    report_desk_text.ACTS,
    report_forms_text.ACTS,
    report_papers_text.ACTS,
)

#: What people are told, by kind.
NOTICES = (
    enrolment_text.NOTICES,
    telling_text.KINDS,
    decisions_text.NOTICES,
    report_notices_text.KINDS,
)
#: What rooms call the parts of their lines in the audit.
PARTS = (
    syllabus_text.PARTS,
    offerings_text.PARTS,
    completion_text.PARTS,
    marking_text.PARTS,
    report_forms_text.PARTS,
    viewing_text.PARTS,
)
