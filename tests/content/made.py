"""Small packages and videos made for a test."""

from __future__ import annotations

import uuid
import zipfile
from pathlib import Path

from sqlalchemy.orm import Session

from app.content.materials.models import Material, Version
from app.content.videos import service as videos
from app.content.videos.models import WatchingRule
from app.content.videos.service import Found
from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.people.register.models import Person

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="O"><organization identifier="O"><title>{title}</title>
    <item identifier="I" identifierref="R"><title>はじめに</title></item>
  </organization></organizations>
  <resources><resource identifier="R" type="webcontent" adlcp:scormtype="sco" href="{href}">
    <file href="{href}"/></resource></resources>
</manifest>"""


#: A page of a SCO: it names the API.
PAGE = "<!doctype html><title>x</title><script>parent.API.LMSInitialize('')</script>"


def package(path: Path, title: str = "個人情報の守り方", href: str = "index.html") -> Path:
    """Write a SCORM 1.2 package of one SCO, whose file is index.html, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", MANIFEST.format(title=title, href=href))
        archive.writestr("index.html", PAGE)
    return path


def film(
    session: Session,
    by: Person,
    material_id: uuid.UUID | None = None,
    *,
    seconds: float = 125.4,
    publishes: bool = False,
) -> Version:
    """Add a film that can be watched as a draft, of a video that there is or of a new one.

    No file of it lies anywhere; a worker is asked to convert it.
    """
    rung = {"name": "720", "width": 1280, "height": 720, "bandwidth": 2_000_000}
    edition = {
        "prefix": "films/made/",
        "duration": seconds,
        "rungs": [{**rung, "average": 1_000_000, "codecs": "avc1.64001f", "rate": 30.0}],
        "sound": None,
        "poster": "",
        "storyboard": None,
        "is_whole": False,
    }
    frames = round(seconds * 30)
    found = Found(
        source={"duration": seconds, "picture": {"width": 1280, "height": 720}, "sound": None},
        plan={"frames": frames, "rate": "30", "stretches": [{"frames": frames}]},
        edition=edition,
        size=1_000_000,
    )
    arguments = {
        "video_id": str(new_id()),
        "file_name": "避難の手順.mp4",
        "title": "避難の手順",
        "material_id": str(material_id) if material_id else None,
        "publishes": publishes,
    }
    return videos.add(session, arguments, found, by=author_of(by), now=clock.now())


def video(session: Session, by: Person, *, rule: WatchingRule | None = None) -> Material:
    """Make a video of a film, as a draft, that counts as watched by a rule."""
    row = session.get_one(Material, film(session, by).material_id)
    if rule is not None:
        videos.set_rule(session, row.id, rule, by=author_of(by), now=clock.now())
    return row


def author_of(who: Person) -> Actor:
    """Return somebody as an author."""
    return Actor(person_id=who.id, grants=(Grant("author"),))
