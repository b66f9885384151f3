"""Pages of certificates: one's own, those of a run, the paper, and having one confirmed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock, pdf
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.language import gettext
from app.kernel.web import exports, showing
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import PUBLIC, SIGNED_IN, actor, having
from app.people.permission import access as permission
from app.training.certificates import queries, service
from app.training.certificates.forms import IssueForm, VerifyForm
from app.training.certificates.models import Certificate
from app.training.certificates.queries import Due, Issued
from app.training.plans import access as plans
from app.training.plans.queries import RunLine
from app.training.roster import access as roster

blueprint = flask.Blueprint("certificates", __name__)
PLANNING = having(*sorted(permission.PLANNING))
RUN = {"run_id": "run"}
CERTIFICATE = {"certificate_id": "certificate"}
#: So many pages take some seconds; more are printed section by section.
MOST = 1_000


@route(blueprint, "/certificates", may=SIGNED_IN)
def own() -> ResponseReturnValue:
    """List one's own certificates."""
    return flask.render_template(
        "training/certificates_own.html",
        certificates=[
            each for each in queries.of_person(session(), actor().known_id) if each.is_holding
        ],
    )


@route(
    blueprint,
    "/certificates/<uuid:certificate_id>.pdf",
    may=SIGNED_IN,
    about=CERTIFICATE,
    audited=True,
)
def paper(certificate_id: uuid.UUID) -> ResponseReturnValue:
    """Answer one certificate to its person, or to who looks after their training."""
    row = session().execute(queries.issued(Certificate.id == certificate_id)).one_or_none()
    if row is None:
        raise NotFound
    found = Issued(*row)
    if found.person_id != actor().person_id:
        _check_reaches(found.enrolment_id)
    body = _drawn([found])
    if found.person_id != actor().person_id:
        shown = audit.shown([found.person_id])
        showing.note("certificate.printed", "certificate", certificate_id, shown)
    return _file(body, f"certificate-{found.fiscal_year}-{found.number}.pdf")


@route(blueprint, "/runs/<uuid:run_id>/certificates", may=PLANNING, about=RUN, audited=True)
def of_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show who of a run has a certificate, and who is to be issued one."""
    run, reached = _planned(run_id)
    form = IssueForm(formdata=None)
    form.issuer.data = queries.last_issuer(session()) or settings().organisation
    form.issued_on.data = clock.today(now())
    return _page(run, reached, form)


@route(blueprint, "/runs/<uuid:run_id>/certificates", may=PLANNING, about=RUN, method="POST")
def issue(run_id: uuid.UUID) -> ResponseReturnValue:
    """Issue one to each who was chosen."""
    run, reached = _planned(run_id)
    form = IssueForm()
    if not form.validate():
        return _page(run, reached, form), 422
    is_all = "all" in flask.request.form
    chosen = set(flask.request.form.getlist("row", type=uuid.UUID))
    due = _due(run_id, reached)
    keys = [each.enrolment_id for each in due if is_all or each.enrolment_id in chosen]
    if not keys:
        raise Refused("nothing_chosen")
    header = form.data_of(_address())
    count = service.issue(session(), run_id, header, keys, by=actor(), now=now())
    flask.flash(gettext("修了証書を%(count)s人に発行しました。", count=f"{count:,}"), "success")
    return flask.redirect(flask.url_for(".of_run", run_id=run_id), 303)


@route(blueprint, "/runs/<uuid:run_id>/certificates.pdf", may=PLANNING, about=RUN, audited=True)
def papers(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer all certificates of a run that hold, one page each, by the rules of files (C17)."""
    _, reached = _planned(run_id)
    reason, _ = exports.check()
    section_id = flask.request.args.get("section", type=uuid.UUID)
    found = queries.of_run(
        session(),
        run_id,
        Certificate.revoked_at.is_(None),
        reached,
        *queries.of_section(section_id),
    )
    if not found:
        raise Refused("no_certificates")
    if len(found) > MOST:
        raise Refused("too_many_pages", most=f"{MOST:,}", count=f"{len(found):,}")
    body = _drawn(found)
    shown = audit.shown(each.person_id for each in found)
    showing.note("certificate.printed", "run", run_id, {**shown, "reason": reason})
    return _file(body, "certificates.pdf")


@route(
    blueprint,
    "/certificates/<uuid:certificate_id>/reissue",
    may=PLANNING,
    about=CERTIFICATE,
    method="POST",
)
def reissue(certificate_id: uuid.UUID) -> ResponseReturnValue:
    """Issue one anew by the name that its person has now."""
    row = session().get(Certificate, certificate_id)
    if row is None:
        raise NotFound
    _check_reaches(row.enrolment_id)
    made = service.reissue(session(), certificate_id, by=actor(), now=now())
    told = gettext(
        "%(number)sを発行しました。前の修了証書は失効しました。",
        number=queries.number_text(made.fiscal_year, made.number),
    )
    flask.flash(told, "success")
    return flask.redirect(flask.url_for("decisions.person", enrolment_id=made.enrolment_id), 303)


@route(blueprint, "/verify", may=PUBLIC)
def verify() -> ResponseReturnValue:
    """Say to whoever holds a certificate whether it is ours and still holds.

    Who it names is told only to who has both its number and its code.
    """
    form = VerifyForm(flask.request.args)
    key = form.key()
    found = queries.checked(session(), *key) if key else None
    page = flask.make_response(
        flask.render_template("training/verify.html", form=form, found=found)
    )
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def _planned(run_id: uuid.UUID) -> tuple[RunLine, sa.ColumnElement[bool]]:
    """Return a run, and the condition on `Person` that the actor reaches somebody in it."""
    run, reach = plans.planned(session(), actor(), run_id)
    return run, reach.of_person(clock.today(now()))


def _due(run_id: uuid.UUID, reached: sa.ColumnElement[bool]) -> list[Due]:
    return queries.due(session(), run_id, clock.today(now()), reached)


def _check_reaches(enrolment_id: uuid.UUID) -> None:
    """Raise NotFound for who does not look after somebody's training."""
    if not actor().roles & permission.PLANNING:
        raise NotFound
    roster.enrolment(session(), actor(), enrolment_id, now())


def _address() -> str:
    return settings().office_origin + flask.url_for(".verify")


def _page(run: RunLine, reached: sa.ColumnElement[bool], form: IssueForm) -> str:
    due, known = _due(run.id, reached), queries.of_run(session(), run.id, reached)
    people = [each.person_id for each in due] + [each.person_id for each in known]
    showing.note("certificate.listed", "run", run.id, audit.shown(people))
    return flask.render_template(
        "training/certificates.html",
        run=run,
        form=form,
        due=due,
        certificates=known,
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        sections=queries.sections_of(session(), run.id, clock.today(now()), reached),
        grouped=queries.grouped,
    )


def _drawn(found: Sequence[Issued]) -> bytes:
    """Return certificates as a PDF, made while nobody waits for the database.

    The same ones are always the same file.
    """
    data, fonts = queries.paper(found), settings().fonts
    let_go()
    at = max(each.issued_at for each in found)
    data = {**data, "family": pdf.family_for(data, fonts)}
    return pdf.render("certificate", data, now=at, fonts=fonts)


def _file(body: bytes, name: str) -> flask.Response:
    response = flask.Response(body, mimetype="application/pdf")
    response.headers["Cache-Control"] = "no-store"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
