"""Packages of portals without LTI: agreed on, made, and what happens when one is opened."""

from __future__ import annotations

import json
import secrets
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.kernel.actor import Actor
from app.kernel.settings import Settings
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.portals.gate import service as gate
from app.portals.learners import service as learners
from app.portals.links import service as links
from app.portals.links.queries import Asked
from app.portals.links.service import Coming, Taken
from app.portals.registrations import service as registrations
from app.portals.registrations.models import Portal, ScoreRule
from app.portals.registrations.queries import OpenPortal
from app.portals.registrations.service import Addresses
from app.portals.scores.service import FINAL, wanted
from lti.errors import LaunchRefused

#: What stands where a platform would say who we are, and where it has deployed us.
CLIENT: Final = "package"
DEPLOYMENT: Final = "package"
#: Letters of what an LMS knows somebody by, at most.
LONGEST_LEARNER: Final = 255

#: One and the same package is the same file, byte by byte.
_MOMENT: Final = (2026, 1, 1, 0, 0, 0)
_MANIFEST: Final = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="{identifier}" version="1.0"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="organization">
    <organization identifier="organization">
      <title>{title}</title>
      <item identifier="item" identifierref="resource"><title>{title}</title></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="resource" type="webcontent" adlcp:scormtype="sco" href="index.html">
      <file href="index.html"/>
      <file href="package.js"/>
    </resource>
  </resources>
</manifest>
"""


@dataclass(frozen=True)
class Call:
    """What a package says when it is opened."""

    material_id: uuid.UUID
    #: What the LMS knows the learner by; empty where it says nothing.
    learner: str
    language: str


def propose_package(
    session: Session,
    name: str,
    frame_origins: str,
    *,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Portal:
    """Register an LMS that takes packages; it waits for another administrator as any portal."""
    said = Addresses(
        name=name,
        issuer=f"package:{uuid.uuid4()}",
        client_id=CLIENT,
        auth_login_url="",
        auth_token_url="",
        key_set_url="",
        frame_origins=frame_origins,
    )
    portal = registrations.propose(session, said, by=by, now=now, settings=settings)
    portal.package_key = secrets.token_urlsafe(32)
    return portal


def package(material: Material, address: str) -> bytes:
    """Return the SCORM 1.2 package that opens a material by calling an address."""
    folder = resources.files("app") / "static" / "package"
    page = (folder / "index.html").read_text(encoding="utf-8")
    title = escape(material.title, {'"': "&quot;"})
    config = json.dumps({"address": address}).replace("<", "\\u003c")
    identifier = f"kenshu-{material.id.hex}"
    files = {
        "imsmanifest.xml": _MANIFEST.format(identifier=identifier, title=title),
        # The title comes last: what it says is not looked at again.
        "index.html": page.replace("%config%", config).replace("%title%", title),
        "package.js": (folder / "package.js").read_text(encoding="utf-8"),
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in files.items():
            info = zipfile.ZipInfo(file, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.encode())
    return made.getvalue()


def open_course(
    session: Session,
    portal: Portal,
    call: Call,
    *,
    now: datetime,
    reference: str,
    settings: Settings,
) -> Taken:
    """Open the course of a package for whoever the LMS names, and note that they came.

    Raises LaunchRefused("learner_unnamed"), ("material_not_offered"), ("too_many_learners").
    """
    named = call.learner.strip()
    if len(named) > LONGEST_LEARNER or not (named or portal.allows_anonymous):
        raise LaunchRefused("learner_unnamed")
    subject = learners.subject_of(portal, named) if named else ""
    # The package of a material is one link, wherever the LMS has it.
    asked = Asked(DEPLOYMENT, str(call.material_id), subject, call.material_id)
    opening = OpenPortal.of(portal)
    found = links.known(session, opening, asked, now)
    # What the package asks for is its own way back: no service sends its scores.
    coming = Coming(call.language)
    taken = links.take(session, opening, asked, found, coming, now=now, settings=settings)
    came = gate.Came(portal.id, DEPLOYMENT, subject)
    gate.note(session, "launch", came, material_id=call.material_id, now=now, reference=reference)
    return taken


def progress(session: Session, portal: Portal, assignment_id: uuid.UUID) -> dict[str, Any]:
    """Return what an LMS is to know of somebody's course, by what is agreed with it."""
    record = session.scalars(
        sa.select(LearnerRecord).where(LearnerRecord.assignment_id == assignment_id)
    ).one_or_none()
    if record is None or portal.score_rule == ScoreRule.NOTHING:
        return {"status": RecordStatus.NOT_STARTED, "score": None, "seconds": 0.0}
    told = wanted(portal, record)
    if told and told.grading_progress == FINAL:
        return {"status": record.status, "score": told.given, "seconds": record.seconds}
    begun = RecordStatus.IN_PROGRESS if told or record.seconds else RecordStatus.NOT_STARTED
    return {"status": begun, "score": None, "seconds": record.seconds}
