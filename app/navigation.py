"""What the header offers to whom."""

from __future__ import annotations

from typing import Any

import flask

from app.kernel.language import gettext
from app.kernel.web.rules import actor
from app.people.permission.models import Role
from app.people.permission.text import ROLES

_OFFICE = frozenset({Role.OFFICE})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_AUTHORS = frozenset({Role.OFFICE, Role.AUTHOR})

#: endpoint, the roles that see it (empty: all), and the blueprints and pages that belong to it.
_ENTRIES: tuple[tuple[str, frozenset[Role], frozenset[str]], ...] = (
    ("learner.home", frozenset(), frozenset({"learner"})),
    ("reports.history", frozenset(), frozenset({"reports.record"})),
    (
        "trainings.trainings",
        _OFFICE,
        frozenset({"trainings", "roster", "reports.run", "reports.history_of"}),
    ),
    ("materials.materials", _AUTHORS, frozenset({"materials", "imports"})),
    ("staff.staff", _OFFICE, frozenset({"staff", "sections"})),
    ("system.system", _ADMINISTRATORS, frozenset({"system", "operators"})),
)


def _label(endpoint: str) -> str:
    return {
        "learner.home": gettext("ホーム"),
        "reports.history": gettext("受講履歴"),
        "trainings.trainings": gettext("研修"),
        "materials.materials": gettext("教材"),
        "staff.staff": gettext("職員"),
        "system.system": gettext("システム"),
    }[endpoint]


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
        "account_url": flask.url_for("accounts.account"),
        "purposes_url": flask.url_for("purposes.purposes"),
        "withheld": [str(ROLES[role]) for role in sorted(present.withheld)],
        "sign_out_url": flask.url_for("sign_in.sign_out"),
        "navigation": [
            {
                "label": _label(name),
                "url": flask.url_for(name),
                "current": bool(here & {name, *belonging}),
            }
            for name, _, belonging in shown
        ],
    }
