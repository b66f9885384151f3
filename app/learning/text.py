"""What the rooms of learning say when they refuse, and write into the audit."""

from __future__ import annotations

from app.learning.clients import text as clients_text
from app.learning.exams import text as exams_text
from app.learning.forwarding import text as forwarding_text
from app.learning.lrs import text as lrs_text
from app.learning.player import text as player_text
from app.learning.sessions import text as sessions_text
from app.learning.sites import text as sites_text
from app.learning.statement_pages import text as statement_pages_text
from app.learning.surveys import text as surveys_text
from app.learning.traces import text as traces_text
from app.learning.waivers import text as waivers_text

#: What each room says when it refuses, by code.
SENTENCES = (
    surveys_text.SENTENCES,
    lrs_text.SENTENCES,
    sessions_text.SENTENCES,
    clients_text.SENTENCES,
    forwarding_text.SENTENCES,
    player_text.SENTENCES,
    waivers_text.SENTENCES,
    exams_text.SENTENCES,
    sites_text.SENTENCES,
)

#: What each room writes into the audit.
ACTS = (
    player_text.ACTS,
    exams_text.ACTS,
    traces_text.ACTS,
    waivers_text.ACTS,
    clients_text.ACTS,
    forwarding_text.ACTS,
    statement_pages_text.ACTS,
)
#: What rooms call the parts of their lines in the audit.
PARTS = (
    waivers_text.PARTS,
    clients_text.PARTS,
    forwarding_text.PARTS,
    statement_pages_text.PARTS,
)
