"""A training by video: slides made into a film, sent as an author would, and converted at once."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.content.authoring import service as authoring
from app.content.materials import service as publishing
from app.content.materials.models import MaterialKind
from app.content.videos import service as videos
from app.kernel import clock, pdf
from app.kernel.actor import Actor
from app.kernel.db import new_id
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.plans import service as plans
from app.training.plans.service import RunData
from app.training.programme.service import ItemData
from app.training.roster import service as roster
from app.training.syllabus import service as syllabus

TITLE = "火災のときの動き方"
#: Who takes it.
INVITED = ("00202", "00203", "00302", "00303", "00304", "00305")
#: Seconds of a slide.
_EACH = 8
#: Frames a second: slides stand still.
_RATE = 5
#: Title, points, and what is said meanwhile.
_SLIDES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "火災に気付いたら",
        ("大声で知らせる", "近くの非常ベルを押す", "119番に通報する"),
        "火災に気付いたら、まず大声で周りに知らせます。",
    ),
    (
        "初期消火",
        ("消火器を持って、逃げ道を背にする", "天井に火が届いたら、すぐに避難する"),
        "消火器は、逃げ道を背にして使います。天井に火が届いたら避難します。",
    ),
    (
        "避難するとき",
        ("エレベーターは使わない", "煙の下を、低い姿勢で進む", "最後の人が扉を閉める"),
        "エレベーターは使いません。低い姿勢で、煙の下を進みます。",
    ),
    (
        "集合と確認",
        ("決められた場所に集まる", "所属ごとに人数を確かめる", "戻らない人がいたら、消防に伝える"),
        "集合場所で、所属ごとに人数を確かめます。",
    ),
)
_QUESTION: Mapping[str, Any] = {
    "id": "q1",
    "at": 2 * _EACH - 1,
    "text": "初期消火をやめて避難するのは、いつですか。",
    "choices": ["天井に火が届いたとき", "消火器を使い切ったときだけ", "消防が着いたとき"],
    "right": [0],
}


def add(
    session: Session,
    settings: Settings,
    people: Mapping[str, Person],
    by: Actor,
    now: datetime,
) -> None:
    """Add the training; its video can be watched once the worker has looked at it."""
    row = authoring.make(session, new_id(), MaterialKind.VIDEO, TITLE, _beside(), by=by, now=now)
    # A training takes what is published: its film comes as the second version.
    first = authoring.newest(session, row.id, MaterialKind.VIDEO)
    publishing.publish(session, first.id, by=by, now=now)
    upload = str(new_id())
    settings.uploads.mkdir(parents=True, exist_ok=True)
    _make(settings, settings.uploads / upload)
    job = videos.ask(session, upload, "kasai.mp4", "", row.id, publishes=True, by=by, now=now)
    job.role = Role.OFFICE
    data = syllabus.TrainingData(
        "B-05", "防火研修", "庁舎で火災に気付いたときの動き方を、短い動画で確かめます。"
    )
    training = syllabus.register(session, new_id(), data, by=by, now=now)
    today = clock.today(now)
    period = RunData(today - timedelta(days=1), today + timedelta(days=20), 5, (ItemData(row.id),))
    run = plans.plan(session, training.id, new_id(), period, by=by, now=now)
    roster.enrol(session, run.id, [people[number].id for number in INVITED], by=by, now=now)
    plans.act(session, run.id, "open", by=by, now=now)


def _beside() -> dict[str, Any]:
    """Return what an author puts beside the film."""
    starts = [_EACH * number for number in range(len(_SLIDES))]
    cues = (
        f"00:{start:02}.500 --> 00:{start + _EACH - 1:02}.500\n{said}"
        for start, (_, _, said) in zip(starts, _SLIDES, strict=True)
    )
    return {
        "captions": [{"language": "ja", "text": "\n\n".join(["WEBVTT", *cues, ""])}],
        "chapters": [
            [float(start), title] for start, (title, _, _) in zip(starts, _SLIDES, strict=True)
        ],
        "questions": [dict(_QUESTION)],
    }


def _make(settings: Settings, target: Path) -> None:
    """Make the film: each slide for some seconds, with a bell at its beginning."""
    slides = [{"title": title, "points": points} for title, points, _ in _SLIDES]
    data = {"title": TITLE, "slides": slides}
    program = shutil.which("ffmpeg") or "ffmpeg"
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        pages = pdf.pictures("slides", data, ppi=96, fonts=settings.fonts)
        for number, page in enumerate(pages):
            (Path(folder) / f"{number}.png").write_bytes(page)
        seconds = _EACH * len(pages)
        bell = f"0.2*sin(1047*PI*t)*exp(-4*mod(t\\,{_EACH}))"
        command = [
            *(program, "-nostdin", "-v", "error", "-y", "-framerate", f"1/{_EACH}"),
            *("-i", f"{folder}/%d.png", "-f", "lavfi", "-i", f"aevalsrc={bell}:d={seconds}"),
            *("-vf", f"fps={_RATE},format=yuv420p", "-c:v", "libx264", "-preset", "veryfast"),
            *(
                "-tune",
                "stillimage",
                "-g",
                str(2 * _RATE),
                "-c:a",
                "aac",
                "-b:a",
                "64k",
                "-f",
                "mp4",
            ),
            str(target),
        ]
        subprocess.run(command, check=True)  # noqa: S603 - our own command, no shell
