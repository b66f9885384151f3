"""What the rooms of materials say when they refuse, and write into the audit."""

from __future__ import annotations

from app.content.banks import text as banks_text
from app.content.exchange import text as exchange_text
from app.content.materials import text as materials_text
from app.content.papers import text as papers_text
from app.content.readings import text as readings_text
from app.content.sheets import text as sheets_text
from app.content.uploads import text as uploads_text
from app.content.video_questions import text as video_questions_text
from app.content.videos import text as videos_text

#: What each room says when it refuses, by code.
SENTENCES = (
    materials_text.SENTENCES,
    readings_text.SENTENCES,
    sheets_text.SENTENCES,
    banks_text.SENTENCES,
    papers_text.SENTENCES,
    exchange_text.SENTENCES,
    uploads_text.SENTENCES,
    videos_text.SENTENCES,
    video_questions_text.SENTENCES,
)

#: What each room writes into the audit.
ACTS = (
    materials_text.ACTS,
    banks_text.ACTS,
    videos_text.ACTS,
)
