"""The two applications: the office, and the content that must not reach it."""

from __future__ import annotations

import flask
from flask.sessions import SessionInterface
from flask_wtf.csrf import CSRFProtect

from app import navigation
from app.content.imports import views as imports
from app.content.materials import text as materials_text
from app.content.materials import views as materials
from app.kernel import db, jobs
from app.kernel.actor import Step
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.kernel.system import text as state_text
from app.kernel.web import application, frame, gate, headers, look, mailbox, problems, routing
from app.learning.launches import views as launches
from app.learning.player import text as player_text
from app.learning.player import views as player
from app.learning.records import queries as records
from app.learning.traces import views as traces
from app.people.accounts import text as accounts_text
from app.people.accounts import views as accounts
from app.people.operators import views as operators
from app.people.passwords import text as passwords_text
from app.people.passwords import views as passwords
from app.people.permission import text as permission_text
from app.people.purposes import text as purposes_text
from app.people.purposes import views as purposes
from app.people.register import text as register_text
from app.people.register import views as staff
from app.people.second_factor import text as second_factor_text
from app.people.second_factor import views as second_factor
from app.people.sections import views as sections
from app.people.sign_in import access
from app.people.sign_in import text as sign_in_text
from app.people.sign_in import views as sign_in
from app.people.system import views as system
from app.reports import text as reports_text
from app.reports import views as reports
from app.training.enrolment import text as enrolment_text
from app.training.enrolment import views as learner
from app.training.plans import text as plans_text
from app.training.plans import views as trainings
from app.training.roster import text as roster_text
from app.training.roster import views as roster

#: What each room says when it refuses, by code.
SENTENCES = (
    state_text.SENTENCES,
    accounts_text.SENTENCES,
    passwords_text.SENTENCES,
    purposes_text.SENTENCES,
    second_factor_text.SENTENCES,
    sign_in_text.SENTENCES,
    permission_text.SENTENCES,
    register_text.SENTENCES,
    materials_text.SENTENCES,
    player_text.SENTENCES,
    plans_text.SENTENCES,
    roster_text.SENTENCES,
    enrolment_text.SENTENCES,
    reports_text.SENTENCES,
)

OFFICE = (
    sign_in.blueprint,
    passwords.blueprint,
    second_factor.blueprint,
    purposes.blueprint,
    accounts.blueprint,
    operators.blueprint,
    system.blueprint,
    learner.blueprint,
    staff.blueprint,
    sections.blueprint,
    materials.blueprint,
    imports.blueprint,
    player.blueprint,
    launches.blueprint,
    traces.blueprint,
    trainings.blueprint,
    roster.blueprint,
    reports.blueprint,
)


#: The pages of what has to be done in a sign-in before anything else.
STEPS = {
    Step.PASSWORD: "passwords.password",
    Step.SECOND_FACTOR: "second_factor.ask",
    Step.PURPOSE: "purposes.purposes",
}


class NoSession(SessionInterface):
    """The content's origin has no session: not even a cookie that is sent is read."""

    def open_session(self, app: flask.Flask, request: flask.Request) -> None:
        """Open none; Flask then refuses to write one."""


def connect(settings: Settings) -> Database:
    """Return the database that the settings name, whose units of work nudge the workers."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    return db.connect(settings.database, nudge=jobs.nudger(settings.redis))


def _prepare(
    name: str, settings: Settings, database: Database | None, problem_page: str
) -> flask.Flask:
    for sentences in SENTENCES:
        problems.tell(sentences)
    return application.prepare(name, settings, database or connect(settings), problem_page)


def create_app(settings: Settings, database: Database | None = None) -> flask.Flask:
    """Return the office: pages, sign-in, cookies."""
    app = _prepare("office", settings, database, "kernel/problem.html")
    gate.install(app, settings.networks, settings.machine_networks)
    access.install(app, settings, records.last_activity)
    app.before_request(routing.limit_request)
    CSRFProtect(app)
    headers.install_office(app, settings)
    frame.install(app, settings)
    problems.install_sign_in(app, "sign_in.ask", STEPS)
    for blueprint in OFFICE:
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(mailbox.blueprint)
    if settings.development:
        app.register_blueprint(look.blueprint)
    app.extensions["kenshu.takers"] = records.takers
    app.context_processor(navigation.frame)
    return app


def create_content_app(settings: Settings, database: Database | None = None) -> flask.Flask:
    """Return the content's origin: no session, no cookie, and nothing of the office."""
    app = _prepare("content", settings, database, "learning/problem.html")
    gate.install(app, settings.content_networks)
    app.session_interface = NoSession()
    headers.install_content(app, settings)
    app.register_blueprint(player.content)
    return app
