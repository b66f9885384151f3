"""A whole installation's worth of rows about people, for tests of what is kept of them."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.banks.models import QuestionBank
from app.content.materials.models import Version
from app.kernel import outbox
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.kernel.notices import service as notices
from app.learning.documents import service as documents
from app.learning.documents.queries import STATE, Shelf
from app.learning.documents.service import Conditions
from app.learning.exams.models import Sitting
from app.learning.forwarding.models import XapiForward
from app.learning.outgoing.models import XapiOutgoing
from app.learning.records.models import LearnerRecord
from app.learning.sharing.models import SharedValue
from app.learning.statements import service as statements
from app.learning.surveys.models import NamedResponse
from app.people.accounts.models import Account
from app.people.operators.models import Operator
from app.people.passwords.models import FormerPassword
from app.people.permission.models import Delegation, Role, RoleGrant
from app.people.purposes.models import PurposeConfirmation
from app.people.register.models import (
    Appointment,
    ExclusionPeriod,
    Person,
    PersonMerge,
    PostKind,
    StaffNumber,
)
from app.people.saved_filters.models import SavedFilter
from app.people.second_factor.models import RecoveryCode, SecondFactor
from app.people.sections.models import Section
from app.people.sign_in.models import Credential, SignIn
from app.portals.invitations.models import PortalInvitation
from app.portals.learners.models import PortalLearner
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations.models import Portal, PortalDeployment
from app.portals.scores.models import PortalScore
from app.training.approvals.models import ApprovalStep
from app.training.attendance.models import Attendance
from app.training.audiences.models import AudienceMember
from app.training.calendars.models import CalendarKey
from app.training.calls.models import SectionAnswer
from app.training.candidacies.models import Candidacy, Preference
from app.training.certificates.models import Certificate
from app.training.changes.models import ChangeRequest
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.enrolment.service import OPENED
from app.training.ledgers.models import LedgerEntry, LedgerImport
from app.training.orders.models import Order, OrderLine
from app.training.plans.models import Run, RunSession
from app.training.results.models import ReportVersion, ResultReport
from app.training.verdicts.models import Override
from tests import factories
from tests.learning import made as learning
from tests.learning import stating
from xapi.multipart import Attachment

#: What nobody else's rows contain.
NAME, NUMBER, EMAIL = "髙﨑 𠮷葛󠄀子", "KZ98765", "hard-name-98765@example.jp"
ANSWER = "私の考えはこうです"
_serials = partial(next, count(1))


@dataclass
class Life:
    """Somebody with rows in every wing."""

    person: Person
    section: Section
    enrolment: Enrolment
    record: LearnerRecord
    attempt_id: uuid.UUID


def life(
    session: Session,
    now: datetime,
    *,
    name: str = NAME,
    number: str = NUMBER,
    email: str | None = EMAIL,
    answer: str = ANSWER,
    until: date = date(2026, 3, 31),
) -> Life:
    """Make somebody who has a post, a concurrent post, a run taken with answers, and so on."""
    section = factories.section(session, "高齢者支援課")
    other = factories.person(session, "例示 みどり")
    person = factories.person(
        session, name, number=number, section=section, email=email, roles=(Role.AUTHOR,)
    )
    person.gender, person.age, person.age_as_of = "女", 41, date(2026, 4, 1)
    person.hired_on, person.promoted_on = date(2010, 4, 1), date(2020, 4, 1)
    person.confirmed_on = date(2026, 4, 1)
    enrolment, record, attempt_id = _taken(session, person, answer, until, now)
    _posts(session, person, other, now)
    _told(session, person, attempt_id, answer, now)
    _signs(session, person, other, now)
    session.flush()
    return Life(person, section, enrolment, record, attempt_id)


def _posts(session: Session, person: Person, other: Person, now: datetime) -> None:
    main = session.scalars(sa.select(Appointment).where(Appointment.person_id == person.id)).one()
    main.job_type, main.duty = "一般事務", "窓口の調整"
    second = factories.section(session, "危機管理課")
    session.add_all(
        [
            Appointment(
                person_id=person.id,
                section_id=second.id,
                title_id=main.title_id,
                kind=PostKind.CONCURRENT,
                valid_from=date(2024, 4, 1),
            ),
            StaffNumber(
                person_id=person.id,
                number=f"old{person.id.hex[-6:]}",
                valid_from=date(2015, 4, 1),
                valid_to=date(2020, 3, 31),
            ),
            ExclusionPeriod(
                person_id=person.id, valid_from=date(2023, 4, 1), valid_to=date(2024, 3, 31)
            ),
            Delegation(
                from_id=other.id,
                to_id=person.id,
                role=Role.HEAD,
                created_by=person.id,
                valid_from=date(2025, 4, 1),
            ),
            RoleGrant(
                person_id=other.id,
                role=Role.AUTHOR,
                valid_from=date(2025, 4, 1),
                granted_by=person.id,
            ),
            PersonMerge(
                kept_id=person.id,
                merged_id=other.id,
                moved={"staff_number.person_id": [str(person.id)]},
                merged_by=person.id,
                merged_at=now,
                undone_at=now,
            ),
        ]
    )


def _taken(
    session: Session, person: Person, answer: str, until: date, now: datetime
) -> tuple[Enrolment, LearnerRecord, uuid.UUID]:
    version = learning.version(session, learning.sco("A"), edition="2004-4")
    material = session.get_one(factories.Material, version.material_id)
    material.created_by = version.created_by = person.id
    run = factories.run(session, materials=(material,), learn_until=until, learn_from=until)
    enrolment = factories.enrol(session, run, person)
    enrolment.decided_at = now
    sitting = learning.launched(
        session,
        version,
        now,
        person_id=person.id,
        assignment_id=factories.assignment_of(session, enrolment),
    )
    sitting.attempt.is_traced = True
    sitting.go()
    sitting.set(
        ("cmi.interactions.0.id", "q1"),
        ("cmi.interactions.0.type", "long-fill-in"),
        ("cmi.interactions.0.description", "どう思いましたか"),
        ("cmi.interactions.0.learner_response", answer),
        ("cmi.score.scaled", "0.8"),
        ("cmi.completion_status", "completed"),
        ("cmi.success_status", "passed"),
    )
    sitting.leave()
    _office(session, person, enrolment, now)
    session.add(
        SharedValue(
            id=new_id(), person_id=person.id, kind="objective", target="共有の目標", document={}
        )
    )
    record = session.scalars(
        sa.select(LearnerRecord).where(LearnerRecord.person_id == person.id)
    ).one()
    _results(session, person, enrolment, record, now)
    _portal(session, person, material.id, now)
    return enrolment, record, sitting.attempt.id


def _told(
    session: Session, person: Person, attempt_id: uuid.UUID, answer: str, now: datetime
) -> None:
    """Have content tell the record store of an attempt, and keep something there."""
    stating.client(session, by=Actor(person_id=person.id), now=now)
    essay = answer.encode()
    named = {
        "usageType": "https://example.jp/essay", "display": {"ja": "作文"}, "length": len(essay),
        "contentType": "text/plain", "sha2": hashlib.sha256(essay + person.id.bytes).hexdigest(),
    }  # fmt: skip
    registration = str(attempt_id)
    forward = _forward(session, person, now)
    forward.answer = f"500 not just now: {answer}"
    [key] = stating.told(
        session,
        stating.said(
            "answered",
            actor={"name": person.name, **stating.account(str(person.id))},
            result={"response": answer},
            context={"registration": registration},
            attachments=[named],
        ),
        now=now,
    )
    stating.told(session, stating.void(key), now=now)
    [waiting, _] = session.scalars(
        sa.select(XapiOutgoing).where(XapiOutgoing.forward_id == forward.id)
    )
    waiting.refused_at, waiting.status, waiting.answer = now, 400, f"not taken: {answer}"
    statements.keep(session, [Attachment(named["sha2"], "text/plain", essay)])
    shelf = Shelf(STATE, stating.COURSE, str(person.id), registration)
    documents.put(session, shelf, "bookmark", ("text/plain", essay), Conditions(None, None), now)


def _forward(session: Session, person: Person, now: datetime) -> XapiForward:
    """Have somebody name another record store, to which nothing is sent just now."""
    row = XapiForward(
        name="架空の分析基盤", state="stopped", endpoint="https://lrs.example.com/", key="key",
        secret="", version="1.0.3", wanted_since=now, proposed_by=person.id, proposed_at=now,
        approved_by=person.id, approved_at=now, next_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _portal(session: Session, person: Person, material_id: uuid.UUID, now: datetime) -> None:
    """Have somebody come from a portal, too, which they have registered themselves."""
    portal = Portal(
        name="架空ポータル", issuer=f"https://{uuid.uuid4()}.example.com", client_id="1",
        auth_login_url="", auth_token_url="", key_set_url="", proposed_by=person.id,
        proposed_at=now, approved_by=person.id,
    )  # fmt: skip
    session.add(portal)
    session.flush()
    link = PortalLink(
        portal_id=portal.id, deployment_id="1", resource_link_id="1", material_id=material_id,
        created_at=now,
    )  # fmt: skip
    learner = PortalLearner(
        portal_id=portal.id, subject=str(uuid.uuid4()), person_id=person.id, created_at=now
    )
    session.add_all(
        [
            link,
            learner,
            PortalDeployment(
                portal_id=portal.id, deployment_id="1", seen_at=now, allowed_by=person.id
            ),
            PortalInvitation(
                token_hash=uuid.uuid4().hex, name="ポータル", created_by=person.id, created_at=now,
                expires_at=now,
            ),
        ]
    )  # fmt: skip
    session.flush()
    taken = PortalAssignment(
        link_id=link.id, learner_id=learner.id, material_id=material_id, created_at=now
    )
    session.add(taken)
    session.flush()
    session.add(
        PortalScore(
            assignment_id=taken.id, activity_progress="Completed", grading_progress="FullyGraded",
            given=80.0,
        )
    )  # fmt: skip
    session.flush()


def _office(session: Session, person: Person, enrolment: Enrolment, now: datetime) -> None:
    """Have the training office's workflow leave its rows, done to and by the person."""
    run = session.get_one(Run, enrolment.run_id)
    held = RunSession(run_id=run.id, number=1, starts_at=now, ends_at=now + timedelta(hours=1))
    post = {"section_id": enrolment.section_id, "title_id": enrolment.title_id}
    candidacy = Candidacy(
        offering_id=run.offering_id, person_id=person.id, state="selected", created_at=now,
        entered_by=person.id, **post,
    )  # fmt: skip
    order = Order(
        fiscal_year=2026, serial=_serials(), version=1, kind="order", run_id=run.id,
        issued_on=now.date(), issuer="区長", document={"title": "研修"}, issued_by=person.id,
        issued_at=now,
    )  # fmt: skip
    session.add_all([held, candidacy, order])
    session.flush()
    enrolment.candidacy_id = candidacy.id
    change = ChangeRequest(
        enrolment_id=enrolment.id, kind="replace", state="rejected", reason="duty",
        successor_id=person.id, requested_by=person.id, requested_at=now,
    )  # fmt: skip
    session.add(change)
    session.flush()
    session.add_all(
        [
            AudienceMember(
                offering_id=run.offering_id, person_id=person.id, added_at=now, **post
            ),
            SectionAnswer(
                offering_id=run.offering_id, section_id=enrolment.section_id, answer="list",
                answered_by=person.id, answered_at=now,
            ),
            Preference(candidacy_id=candidacy.id, position=1, run_id=run.id),
            *(
                ApprovalStep(
                    subject_id=each.id, action="approve", actor_id=person.id, for_id=person.id,
                    at=now,
                )
                for each in (candidacy, change)
            ),
            OrderLine(
                order_id=order.id, enrolment_id=enrolment.id, person_id=person.id,
                number=NUMBER, name=person.name, section="高齢者支援課", title="主事",
                section_id=enrolment.section_id, acknowledged_at=now,
            ),
            Attendance(
                enrolment_id=enrolment.id, session_id=held.id, announced="absent", reason="duty",
                announced_at=now, announced_by=person.id, presence="absent", minutes=0,
                noted_by=person.id, noted_at=now,
            ),
            Override(
                enrolment_id=enrolment.id, is_enough=True, reason="duty", decided_by=person.id,
                decided_at=now,
            ),
        ]
    )  # fmt: skip


def _results(
    session: Session, person: Person, enrolment: Enrolment, record: LearnerRecord, now: datetime
) -> None:
    """Have tests, surveys, the report, the decision and old ledgers leave their rows."""
    version_id = session.scalars(sa.select(Version.id)).first() or new_id()
    report = ResultReport(enrolment_id=enrolment.id, answers={"learnt": ANSWER}, saved_at=now)
    decision = Decision(
        enrolment_id=enrolment.id, number=1, is_completed=True, rule={}, facts={},
        decided_by=person.id, decided_at=now,
    )  # fmt: skip
    old = LedgerImport(file_name="台帳.csv", created_by=person.id, created_at=now)
    bank = QuestionBank(name="問題集", created_by=person.id, created_at=now)
    session.add_all([report, decision, old, bank])
    session.flush()
    session.add_all(
        [
            Sitting(
                record_id=record.id, person_id=person.id, version_id=version_id, number=1,
                seed="1", drawn=["q"], answers={"q": ANSWER}, started_at=now, submitted_at=now,
                marks={"q": 1}, score=100.0, is_passed=True, marked_by=person.id, marked_at=now,
            ),
            NamedResponse(
                record_id=record.id, group_id=new_id(), version_id=version_id,
                answers={"q": ANSWER}, saved_at=now, submitted_at=now,
            ),
            ReportVersion(
                report_id=report.id, number=1,
                fields=[{"key": "learnt", "label": "学んだこと"}], answers={"learnt": ANSWER},
                submitted_at=now, comment="例示 みどりさんにも伝えてください。",
            ),
            Certificate(
                fiscal_year=2026, number=_serials(), enrolment_id=enrolment.id,
                decision_id=decision.id, document={"name": person.name, "training": "研修"},
                issued_on=now.date(), check_code=new_id().hex, issued_by=person.id, issued_at=now,
            ),
            LedgerEntry(
                import_id=old.id, person_id=person.id, title="昔の研修", fiscal_year=2010,
                is_completed=True, section="高齢者支援課", job_title="主事",
            ),
            SavedFilter(
                person_id=person.id, endpoint="staff.staff", name="係員", query="q=1",
                created_at=now,
            ),
        ]
    )  # fmt: skip


def _signs(session: Session, person: Person, other: Person, now: datetime) -> None:
    session.add(
        Credential(
            person_id=person.id, password_hash="$argon2id$x", must_change=False, changed_at=now
        )
    )
    session.add_all(
        [
            SignIn(person_id=person.id, method="password", created_at=now, ended_at=now),
            FormerPassword(person_id=person.id, password_hash="$argon2id$y", ended_at=now),
            SecondFactor(person_id=person.id, secret="sealed", set_up_at=now),
            RecoveryCode(person_id=person.id, code_hash="00", used_at=now),
            CalendarKey(
                person_id=person.id, key_hash=person.id.hex[::-1], created_at=now, used_at=now
            ),
            Account(person_id=person.id, frozen_at=now, frozen_by=other.id),
            Operator(
                person_id=person.id,
                number=f"op-{person.id.hex}",
                valid_to=now.date(),
                created_at=now,
            ),
            PurposeConfirmation(person_id=person.id, version=0, confirmed_at=now),
        ]
    )
    notices.notify(
        session,
        [person.id],
        OPENED,
        {"title": "情報セキュリティ研修", "from_on": "2026-04-01", "until_on": "2026-04-30"},
        "/",
        now=now,
        dedupe=f"test:{person.id}",
        mail_to=[person.id],
    )
    outbox.put(session, outbox.Kind.MAIL, {"notice_id": str(new_id())}, now)
    trial = {"kind": OPENED, "title": "開始", "text": "本文", "reference": str(new_id())}
    outbox.put(session, outbox.Kind.TRIAL, {"person_id": str(person.id), **trial}, now)


def actor(who: Person, *roles: str) -> Actor:
    """Return somebody as an actor, of the office where nothing else is said."""
    return Actor(person_id=who.id, grants=tuple(map(Grant, roles or (Role.OFFICE,))))


__all__ = ["ANSWER", "EMAIL", "NAME", "NUMBER", "Life", "actor", "life"]
