"""What the header offers to whom."""

from __future__ import annotations

from typing import Any

import flask

from app.kernel.actor import Actor
from app.kernel.language import gettext
from app.kernel.web.routing import now, session
from app.kernel.web.rules import actor
from app.people.federation import views as federation
from app.people.permission.models import Role
from app.people.permission.text import ROLES
from app.training.approvals import access as approvals

_TRAININGS = frozenset({Role.OFFICE, Role.ORGANISER, Role.LECTURER})
_STAFF = frozenset({Role.OFFICE, Role.ADMINISTRATOR, Role.HEAD, Role.COORDINATOR})
_REPORTED = frozenset({Role.OFFICE, Role.ORGANISER, Role.HEAD, Role.COORDINATOR})
_NEAR = frozenset({Role.HEAD, Role.COORDINATOR})
_HEADS = frozenset({Role.HEAD})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_AUTHORS = frozenset({Role.OFFICE, Role.AUTHOR})
_WATCHERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
_KEEPERS = frozenset({Role.OFFICE, Role.ADMINISTRATOR})

#: endpoint, the roles that see it (empty: all), and the blueprints and pages that belong to it.
_ENTRIES: tuple[tuple[str, frozenset[Role], frozenset[str]], ...] = (
    (
        "home.home",
        frozenset(),
        frozenset(
            {"home", "learner", "calendars", "results.report", "surveys", "reading", "exams"}
        ),
    ),
    ("catalogue.courses", frozenset(), frozenset({"catalogue"})),
    ("candidacies.applications", frozenset(), frozenset({"candidacies"})),
    ("nominations.nominations", _NEAR, frozenset({"nominations"})),
    ("approvals.approvals", _HEADS, frozenset({"approvals", "report_desk.waiting"})),
    ("reports.history", frozenset(), frozenset({"reports.record", "reports.histories"})),
    ("seats.of_sections", _NEAR, frozenset({"seats", "changes", "absences", "survey_totals"})),
    (
        "trainings.trainings",
        _TRAININGS,
        frozenset(
            {
                "trainings",
                "calls",
                "attendance",
                "attendance_files",
                "verdicts",
                "check_in",
                "planning",
                "viewing",
                "runs",
                "life",
                "months",
                "roster",
                "reminders",
                "audiences",
                "ordering",
                "naming",
                "messages",
                "selection",
                "orders",
                "receipts",
                "syllabus",
                "offerings",
                "copies",
                "quotas",
                "institutes",
                "report_forms",
                "report_desk.of_run",
                "report_desk.decide",
                "ledgers",
                "survey_results",
                "reports.run",
                "reports.history_of",
                "reports.sections",
            }
        ),
    ),
    (
        "materials.materials",
        _AUTHORS,
        frozenset(
            {
                "materials",
                "imports",
                "readings",
                "sheets",
                "banks",
                "test_papers",
                "exchange",
                "trials",
            }
        ),
    ),
    (
        "report_index.reports",
        _REPORTED,
        frozenset({"report_index", "unfinished", "progress", "yearly"}),
    ),
    (
        "staff.staff",
        _STAFF,
        frozenset(
            {
                "staff",
                "sections",
                "section_notices",
                "roles",
                "profiles",
                "merges",
                "titles",
                "register_imports",
                "handling",
            }
        ),
    ),
    ("audit.lines", _WATCHERS, frozenset({"audit"})),
    ("retention.overview", _KEEPERS, frozenset({"retention"})),
    ("self_check.self_check", _WATCHERS, frozenset({"self_check"})),
    (
        "portals.portals",
        _WATCHERS,
        frozenset({"portals", "portal_invitations", "portal_checks", "portal_people"}),
    ),
    (
        "xapi_clients.clients",
        _WATCHERS,
        frozenset({"xapi_clients", "xapi_forwards", "statement_pages"}),
    ),
    ("system.system", _ADMINISTRATORS, frozenset({"system", "operators"})),
)

#: The chapter of the guide that a role reads.
_CHAPTERS: dict[str, str] = {
    Role.OFFICE: "office",
    Role.ORGANISER: "office",
    Role.COORDINATOR: "coordinator",
    Role.HEAD: "head",
    Role.LECTURER: "office",
    Role.AUTHOR: "author",
    Role.ADMINISTRATOR: "administrator",
    Role.AUDITOR: "administrator",
    Role.LEARNER: "learner",
}


def _label(endpoint: str) -> str:
    return {
        "home.home": gettext("ホーム"),
        "catalogue.courses": gettext("研修をさがす"),
        "candidacies.applications": gettext("申込み"),
        "nominations.nominations": gettext("推薦"),
        "approvals.approvals": gettext("承認"),
        "reports.history": gettext("受講履歴"),
        "seats.of_sections": gettext("所属の受講"),
        "trainings.trainings": gettext("研修"),
        "report_index.reports": gettext("集計"),
        "materials.materials": gettext("教材"),
        "staff.staff": gettext("職員"),
        "audit.lines": gettext("監査記録"),
        "retention.overview": gettext("保存期間"),
        "self_check.self_check": gettext("点検"),
        "portals.portals": gettext("外部ポータル"),
        "xapi_clients.clients": gettext("学習記録ストア"),
        "system.system": gettext("システム"),
    }[endpoint]


def _proxies(present: Actor) -> list[str]:
    """Return in whose roles the actor acts today, in words: shown on every page (代行)."""
    lent = {(grant.for_name, grant.role) for grant in present.grants if grant.for_id}
    return [
        gettext("%(name)sさんの%(role)s", name=name, role=str(ROLES[role]))
        for name, role in sorted(lent)
    ]


def frame() -> dict[str, Any]:
    """Return what every page of the office shows around its content."""
    present = actor()
    shown = [
        entry
        for entry in _ENTRIES
        if present.is_signed_in and (not entry[1] or entry[1] & present.roles)
    ]
    endpoint = flask.request.endpoint or ""
    here = {endpoint, endpoint.partition(".")[0]}
    return {
        "actor": present,
        "person": present if present.is_signed_in else None,
        "proxies": _proxies(present),
        "sign_out_url": federation.sign_out_url(),
        "account_url": flask.url_for("accounts.account"),
        "purposes_url": flask.url_for("purposes.purposes"),
        "withheld": [str(ROLES[role]) for role in sorted(present.withheld)],
        "navigation": [
            {
                "label": _label(name),
                "url": flask.url_for(name),
                "current": bool(here & {name, *belonging}),
                "count": _count(name, present),
            }
            for name, _, belonging in shown
        ]
        + [_guide(present, here)] * present.is_signed_in,
    }


def _count(endpoint: str, present: Actor) -> int:
    """Return how many things wait behind an entry; of a page without a database, none are known."""
    if endpoint != "approvals.approvals" or "session" not in flask.g:
        return 0
    return len(approvals.waiting(session(), present, now()))


def _guide(present: Actor, here: set[str]) -> dict[str, Any]:
    """Return the entry that opens the guide, at the chapter of the reader's first role."""
    role = next((grant.role for grant in present.grants), Role.LEARNER)
    return {
        "label": gettext("操作の手引き"),
        "url": flask.url_for("guide.chapter", name=_CHAPTERS.get(role, "learner")),
        "current": "guide" in here,
    }
