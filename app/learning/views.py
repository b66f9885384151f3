"""The pages of learning, room by room: the office's, and what untrusted content may talk to."""

from __future__ import annotations

from app.learning.clients import views as clients
from app.learning.course_page import views as course_page
from app.learning.exams import views as exams
from app.learning.forwarding import views as forwarding
from app.learning.launches import views as launches
from app.learning.player import views as player
from app.learning.readings import views as reading
from app.learning.statement_pages import views as statement_pages
from app.learning.surveys import views as surveys
from app.learning.traces import views as traces
from app.learning.trials import views as trials
from app.learning.waivers import views as waivers
from app.learning.watching import views as watching

BLUEPRINTS = (
    surveys.blueprint,
    trials.blueprint,
    player.blueprint,
    launches.blueprint,
    waivers.blueprint,
    reading.blueprint,
    exams.blueprint,
    traces.blueprint,
    clients.blueprint,
    forwarding.blueprint,
    statement_pages.blueprint,
)
CONTENT = (player.content, watching.content, course_page.content)
