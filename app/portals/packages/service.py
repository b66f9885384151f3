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
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import new_id
from app.kernel.errors import NotFound
from app.kernel.settings import Settings
from app.learning.opening import service as opening
from app.learning.player.access import Door, Visit
from app.learning.records.access import Assigned
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.portals.gate import service as gate
from app.portals.gate.models import PortalLaunch
from app.portals.gate.queries import ACCEPTED
from app.portals.learners import service as learners
from app.portals.learners.models import PortalLearner
from app.portals.links import access as links
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations import queries as portals
from app.portals.registrations import service as registrations
from app.portals.registrations.models import Portal, ScoreRule
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


@dataclass(frozen=True)
class Opened:
    """Where the course opens, and the ticket by which its progress is asked for."""

    address: str
    ticket: str


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
) -> Opened:
    """Open the course of a package for whoever the LMS names, and note that they came.

    Raises LaunchRefused("learner_unnamed"), ("material_not_offered"), ("too_many_learners").
    """
    named = call.learner.strip()
    if len(named) > LONGEST_LEARNER or not (named or portal.allows_anonymous):
        raise LaunchRefused("learner_unnamed")
    offered = portals.may_open(session, portal, call.material_id)
    if offered is None:
        raise LaunchRefused("material_not_offered")
    material, version = offered
    subject = learners.subject_of(portal, named) if named else ""
    learner = learners.known(session, portal, subject, now)
    taken = _assignment(session, _link(session, portal, material.id, now), learner, now)
    ticket = links.sealed(settings, links.Ticket(taken.link_id, taken.id, call.language))
    until = clock.end_of(portal.valid_to) if portal.valid_to else None
    door = Door(portal.id, portals.origins(portal))
    visit = Visit(learners.owner_of(learner), call.language, f"/lti/left/{ticket}", door)
    assigned = Assigned(material.id, taken.id, until=until)
    try:
        address = opening.launch(
            session, assigned, visit, now=now, settings=settings, published=version
        )
    except NotFound as error:  # a film that nobody can watch yet
        raise LaunchRefused("material_not_offered") from error
    _note(session, taken, gate.subject_hash(portal.id, subject), now, reference)
    return Opened(address, ticket)


def _note(
    session: Session, taken: PortalAssignment, subject_hash: str, now: datetime, reference: str
) -> None:
    link = session.get_one(PortalLink, taken.link_id)
    session.add(
        PortalLaunch(
            at=now,
            portal_id=link.portal_id,
            step="launch",
            code=ACCEPTED,
            deployment_id=DEPLOYMENT,
            subject_hash=subject_hash,
            material_id=taken.material_id,
            reference=reference,
        )
    )


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


def _link(session: Session, portal: Portal, material_id: uuid.UUID, now: datetime) -> PortalLink:
    """Return the link that stands for the package of a material."""
    query = sa.select(PortalLink).where(
        PortalLink.portal_id == portal.id,
        PortalLink.deployment_id == DEPLOYMENT,
        PortalLink.resource_link_id == str(material_id),
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        portals.insert_new(
            session,
            PortalLink,
            id=new_id(),
            portal_id=portal.id,
            deployment_id=DEPLOYMENT,
            resource_link_id=str(material_id),
            material_id=material_id,
            grades={},
            created_at=now,
        )
        found = session.scalars(query).one()
    return found


def _assignment(
    session: Session, link: PortalLink, learner: PortalLearner, now: datetime
) -> PortalAssignment:
    """Return that somebody takes a package's material; no score of it is sent by a service."""
    query = sa.select(PortalAssignment).where(
        PortalAssignment.link_id == link.id,
        PortalAssignment.learner_id == learner.id,
        PortalAssignment.material_id == link.material_id,
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        portals.insert_new(
            session,
            PortalAssignment,
            id=new_id(),
            link_id=link.id,
            learner_id=learner.id,
            material_id=link.material_id,
            is_scored=False,
            created_at=now,
        )
        found = session.scalars(query).one()
    return found
