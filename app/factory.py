"""The two applications with pages: the office, and the content that must not reach it."""

from __future__ import annotations

import flask
from flask.sessions import SessionInterface
from flask_wtf.csrf import CSRFProtect

from app import navigation
from app.content import text as content_text
from app.content import views as content
from app.keeping.disclosure import text as disclosure_text
from app.keeping.handling import views as handling
from app.keeping.retention import text as retention_text
from app.keeping.retention import views as retention
from app.keeping.self_check import views as self_check
from app.kernel import installation
from app.kernel.actor import Step
from app.kernel.audit import text as audit_text
from app.kernel.db import Database
from app.kernel.notices import text as notices_text
from app.kernel.settings import Settings
from app.kernel.system import text as state_text
from app.kernel.web import (
    application,
    frame,
    gate,
    guide,
    headers,
    look,
    mailbox,
    problems,
    routing,
    style,
)
from app.learning import text as learning_text
from app.learning import views as learning
from app.learning.player import access as player_access
from app.learning.records import access as records_access
from app.learning.records import queries as records
from app.people.accounts import text as accounts_text
from app.people.accounts import views as accounts
from app.people.audit import text as audit_page_text
from app.people.audit import views as audit
from app.people.federation import text as federation_text
from app.people.federation import views as federation
from app.people.imports import text as register_imports_text
from app.people.imports import views as register_imports
from app.people.merges import text as merges_text
from app.people.merges import views as merges
from app.people.messages import text as messages_text
from app.people.messages import views as messages
from app.people.operators import views as operators
from app.people.passwords import text as passwords_text
from app.people.passwords import views as passwords
from app.people.permission import text as permission_text
from app.people.permission import views as roles
from app.people.profiles import text as profiles_text
from app.people.profiles import views as profiles
from app.people.purposes import text as purposes_text
from app.people.purposes import views as purposes
from app.people.register import text as register_text
from app.people.register import views as staff
from app.people.restriction import text as restriction_text
from app.people.saved_filters import text as saved_filters_text
from app.people.saved_filters import views as saved_filters
from app.people.second_factor import text as second_factor_text
from app.people.second_factor import views as second_factor
from app.people.section_notices import text as section_notices_text
from app.people.section_notices import views as section_notices
from app.people.sections import views as sections
from app.people.sign_in import access
from app.people.sign_in import text as sign_in_text
from app.people.sign_in import views as sign_in
from app.people.system import views as system
from app.people.titles import text as titles_text
from app.people.titles import views as titles
from app.portals import views as portals
from app.portals.registrations import queries as portal_queries
from app.reports import front as report_index
from app.reports import subjects
from app.reports import text as reports_text
from app.reports.by_section import views as by_section
from app.reports.history import views as history
from app.reports.progress import views as progress
from app.reports.unfinished import text as unfinished_text
from app.reports.unfinished import views as unfinished
from app.reports.yearly import text as yearly_text
from app.reports.yearly import views as yearly
from app.training import text as training_text
from app.training import views as training
from app.training.enrolment import access as enrolment_access
from app.training.plans import queries as plans

#: What each room says when it refuses, by code.
SENTENCES = (
    state_text.SENTENCES,
    accounts_text.SENTENCES,
    passwords_text.SENTENCES,
    purposes_text.SENTENCES,
    second_factor_text.SENTENCES,
    sign_in_text.SENTENCES,
    federation_text.SENTENCES,
    permission_text.SENTENCES,
    audit_page_text.SENTENCES,
    register_text.SENTENCES,
    register_imports_text.SENTENCES,
    profiles_text.SENTENCES,
    merges_text.SENTENCES,
    messages_text.SENTENCES,
    titles_text.SENTENCES,
    saved_filters_text.SENTENCES,
    *content_text.SENTENCES,
    *learning_text.SENTENCES,
    *training_text.SENTENCES,
    *portals.SENTENCES,
    disclosure_text.SENTENCES,
    retention_text.SENTENCES,
    restriction_text.SENTENCES,
)

#: What each room writes into the audit.
ACTS = (
    state_text.ACTS,
    sign_in_text.ACTS,
    accounts_text.ACTS,
    second_factor_text.ACTS,
    purposes_text.ACTS,
    permission_text.ACTS,
    audit_page_text.ACTS,
    register_text.ACTS,
    register_imports_text.ACTS,
    profiles_text.ACTS,
    merges_text.ACTS,
    messages_text.ACTS,
    section_notices_text.ACTS,
    titles_text.ACTS,
    restriction_text.ACTS,
    disclosure_text.ACTS,
    retention_text.ACTS,
    *content_text.ACTS,
    *learning_text.ACTS,
    *training_text.ACTS,
    *portals.ACTS,
    reports_text.ACTS,
    unfinished_text.ACTS,
    yearly_text.ACTS,
)

#: What each room tells people, by kind.
NOTICES = training_text.NOTICES

#: The pages of lists that people keep as they have narrowed them.
LISTS = frozenset({"staff.staff", "materials.materials", "reports.run", "unfinished.unfinished"})

OFFICE = (
    sign_in.blueprint,
    passwords.blueprint,
    second_factor.blueprint,
    purposes.blueprint,
    accounts.blueprint,
    operators.blueprint,
    system.blueprint,
    *training.BLUEPRINTS,
    staff.blueprint,
    roles.blueprint,
    profiles.blueprint,
    merges.blueprint,
    messages.blueprint,
    titles.blueprint,
    audit.blueprint,
    sections.blueprint,
    section_notices.blueprint,
    saved_filters.blueprint,
    register_imports.blueprint,
    *content.BLUEPRINTS,
    *learning.BLUEPRINTS,
    # Reports have one name among them.
    *dict.fromkeys((by_section.blueprint, history.blueprint)),
    report_index.blueprint,
    unfinished.blueprint,
    progress.blueprint,
    yearly.blueprint,
    handling.blueprint,
    retention.blueprint,
    self_check.blueprint,
    *portals.BLUEPRINTS,
    guide.blueprint,
)


#: The pages of what has to be done in a sign-in before anything else.
STEPS = {
    Step.PASSWORD: "passwords.password",
    Step.SECOND_FACTOR: "second_factor.ask",
    Step.PURPOSE: "purposes.purposes",
}


class NoSession(SessionInterface):
    """No session: not even a cookie that is sent is read."""

    def open_session(self, app: flask.Flask, request: flask.Request) -> None:
        """Open none; Flask then refuses to write one."""


def tell() -> None:
    """Let the kernel know the words of every room."""
    for sentences in SENTENCES:
        problems.tell(sentences)
    for acts in ACTS:
        audit_text.tell(acts)
    for kinds in NOTICES:
        notices_text.tell(kinds)
    for parts in (*learning_text.PARTS, *training_text.PARTS):
        audit_text.name(parts)


def _prepare(
    name: str, settings: Settings, database: Database | None, problem_page: str
) -> flask.Flask:
    tell()
    return application.prepare(
        name, settings, database or installation.connect(settings), problem_page
    )


def create_app(settings: Settings, database: Database | None = None) -> flask.Flask:
    """Return the office: pages, sign-in, cookies."""
    app = _prepare("office", settings, database, "kernel/problem.html")
    gate.install(app, settings.networks, settings.machine_networks)
    access.install(app, settings, records.last_activity)
    app.before_request(routing.limit_request)
    # A form's token lives as long as its sign-in: a test may take longer than any hour.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf = CSRFProtect(app)
    for blueprint in portals.OUTSIDE:
        csrf.exempt(blueprint)
    headers.install_office(app, settings)
    frame.install(app, settings)
    style.install(app)
    problems.install_sign_in(app, "sign_in.ask", STEPS)
    for blueprint in OFFICE:
        app.register_blueprint(blueprint)
    federation.install(app, settings)
    if settings.demo:
        app.register_blueprint(mailbox.blueprint)
    if settings.development:
        app.register_blueprint(look.blueprint)
    app.extensions["kenshu.takers"] = records.takers
    app.extensions[records_access.TRAINING_OF] = plans.training_of
    app.extensions[records_access.ASSIGNED_OF] = enrolment_access.assigned_of
    app.extensions[roles.TRAININGS] = plans.choices
    app.extensions[saved_filters.LISTS] = LISTS
    app.extensions["kenshu.names"] = subjects.names
    app.extensions["kenshu.states"] = subjects.STATES
    app.context_processor(navigation.frame)
    return app


def create_content_app(settings: Settings, database: Database | None = None) -> flask.Flask:
    """Return the content's origin: no session, no cookie, and nothing of the office."""
    app = _prepare("content", settings, database, "learning/problem.html")
    gate.install(app, settings.content_networks)
    app.session_interface = NoSession()
    app.extensions[player_access.IS_OPEN] = portal_queries.is_door_open
    headers.install_content(app, settings)
    for blueprint in learning.CONTENT:
        app.register_blueprint(blueprint)
    return app
