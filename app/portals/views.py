"""The pages of the wing, and which of them are for frames without cookies."""

from __future__ import annotations

from app.portals.api import text as api_text
from app.portals.choosing import text as choosing_text
from app.portals.choosing import views as choosing
from app.portals.gate import views as gate
from app.portals.invitations import text as invitations_text
from app.portals.invitations import views as invitations
from app.portals.learner_table import text as people_text
from app.portals.learner_table import views as people
from app.portals.learners import text as learners_text
from app.portals.learners import views as learners
from app.portals.links import views as links
from app.portals.packages import views as packages
from app.portals.registrations import text as registrations_text
from app.portals.registrations import views as registrations
from app.portals.scores import views as scores

#: Pages that platforms and their learners' browsers come to: no cookie of the office counts there,
#: and so no token against other sites' forms.
OUTSIDE = (
    gate.blueprint,
    choosing.blueprint,
    links.blueprint,
    invitations.outside,
    packages.outside,
)
BLUEPRINTS = (
    *OUTSIDE,
    learners.blueprint,
    registrations.blueprint,
    invitations.blueprint,
    packages.blueprint,
    scores.blueprint,
    people.blueprint,
)
SENTENCES = (
    api_text.SENTENCES,
    choosing_text.SENTENCES,
    registrations_text.SENTENCES,
    invitations_text.SENTENCES,
    learners_text.SENTENCES,
)
ACTS = (
    registrations_text.ACTS,
    invitations_text.ACTS,
    learners_text.ACTS,
    people_text.ACTS,
)
