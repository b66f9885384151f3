"""The pages of materials, room by room."""

from __future__ import annotations

from app.content.banks import views as banks
from app.content.captions import views as captions
from app.content.exchange import views as exchange
from app.content.imports import views as imports
from app.content.materials import views as materials
from app.content.papers import views as papers
from app.content.readings import views as readings
from app.content.sheets import views as sheets
from app.content.uploads import views as uploads
from app.content.video_questions import views as video_questions
from app.content.videos import views as videos

BLUEPRINTS = (
    materials.blueprint,
    readings.blueprint,
    imports.blueprint,
    sheets.blueprint,
    banks.blueprint,
    papers.blueprint,
    exchange.blueprint,
    uploads.blueprint,
    videos.blueprint,
    captions.blueprint,
    video_questions.blueprint,
)
