"""The pages of the training office, room by room."""

from __future__ import annotations

from app.training.absences import views as absences
from app.training.approvals import views as approvals
from app.training.attendance import views as attendance
from app.training.attendance_files import views as attendance_files
from app.training.audiences import views as audiences
from app.training.calendars import views as calendars
from app.training.calls import views as calls
from app.training.candidacies import views as candidacies
from app.training.catalogue import views as catalogue
from app.training.certificates import views as certificates
from app.training.changes import views as changes
from app.training.check_in import views as check_in
from app.training.completion import views as completion
from app.training.copies import views as copies
from app.training.decisions import views as decisions
from app.training.endings import views as endings
from app.training.enrolment import views as learner
from app.training.home import views as home
from app.training.institutes import views as institutes
from app.training.item_analysis import views as item_analysis
from app.training.ledgers import views as ledgers
from app.training.life import views as life
from app.training.marking import views as marking
from app.training.months import views as months
from app.training.naming import views as naming
from app.training.nominations import views as nominations
from app.training.offerings import views as offerings
from app.training.ordering import views as ordering
from app.training.orders import views as orders
from app.training.papers import views as papers
from app.training.planning import views as planning
from app.training.plans import views as trainings
from app.training.quotas import views as quotas
from app.training.receipts import views as receipts
from app.training.reminders import views as reminders
from app.training.report_desk import views as report_desk
from app.training.report_forms import views as report_forms
from app.training.report_papers import views as report_papers
from app.training.results import views as results
from app.training.roster import views as roster
from app.training.runs import views as runs
from app.training.seat_page import views as seat_page
from app.training.selection import views as selection
from app.training.survey_results import views as survey_results
from app.training.survey_totals import views as survey_totals
from app.training.syllabus import views as syllabus
from app.training.verdicts import views as verdicts
from app.training.viewing import views as viewing

BLUEPRINTS = (
    home.blueprint,
    calendars.blueprint,
    reminders.blueprint,
    learner.blueprint,
    catalogue.blueprint,
    months.blueprint,
    trainings.blueprint,
    planning.blueprint,
    viewing.blueprint,
    runs.blueprint,
    life.blueprint,
    syllabus.blueprint,
    offerings.blueprint,
    copies.blueprint,
    quotas.blueprint,
    institutes.blueprint,
    ledgers.blueprint,
    roster.blueprint,
    seat_page.blueprint,
    changes.blueprint,
    endings.blueprint,
    absences.blueprint,
    attendance.blueprint,
    attendance_files.blueprint,
    verdicts.blueprint,
    marking.blueprint,
    item_analysis.blueprint,
    survey_results.blueprint,
    survey_totals.blueprint,
    check_in.blueprint,
    completion.blueprint,
    decisions.blueprint,
    certificates.blueprint,
    audiences.blueprint,
    candidacies.blueprint,
    nominations.blueprint,
    calls.blueprint,
    approvals.blueprint,
    ordering.blueprint,
    naming.blueprint,
    selection.blueprint,
    orders.blueprint,
    receipts.blueprint,
    papers.blueprint,
    results.blueprint,
    report_desk.blueprint,
    report_forms.blueprint,
    report_papers.blueprint,
)
