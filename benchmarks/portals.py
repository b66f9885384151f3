"""Launches and logins a second by one gunicorn worker, and how long 2,000 scores take to go back.

A platform on the loopback, in a process of its own, publishes a key and takes scores. The load is a
process of its own, too: its requests are signed and written down beforehand, so that it needs next
to nothing of the two processors (its share is told beside).
"""

from __future__ import annotations

import itertools
import json
import secrets
import time
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import jwt
import sqlalchemy as sa

from app.kernel import clock
from app.kernel.db import new_id
from app.kernel.hashing import hashed
from app.learning.records.models import LearnerRecord
from app.portals.gate import access as gate
from app.portals.gate.models import PortalLogin
from app.portals.learners.models import PortalLearner
from app.portals.links.access import address_of
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.scores.models import PortalScore
from benchmarks import peer, servers
from benchmarks.figures import percentile, tell
from benchmarks.peer import CLIENT, DEPLOYMENT, KID, SERVICE, Agreed
from benchmarks.wire import CONNECTIONS, Wanted, asked
from lti.grades import LINE_ITEM, SCORE
from lti.message import GRADES, LTI, ROSTER
from workers import passing_back
from workers.workshop import Workshop

LEARNERS, LINKS, LAUNCHES, LOGINS = 400, 20, 4_000, 2_000
#: Requests before those that count: they fetch the keys, and fill what is kept ready.
WARMING = 200
SCORES = 2_000
#: Launches a second, and seconds for all scores.
ASKED_LAUNCHES, ASKED_SECONDS = 400, 60
#: The player's address is whole; a page of the office's would be a path alone.
LAUNCHED = Wanted(b"303", b"\r\nlocation: http://a-")
ANSWERED = Wanted(b"200")
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


def measure() -> None:
    """Tell launches and logins a second, and the seconds for all scores, on PostgreSQL."""
    with peer.agreed() as agreed:
        _gate(agreed)
    with peer.agreed() as agreed:
        _passback(agreed)


def _gate(agreed: Agreed) -> None:
    """Tell launches and logins a second, beside a page that asks for one row alone."""
    host = agreed.settings.office_origin.partition("://")[2]
    launches = _launches(agreed, host)
    logins = [_login(agreed, host, number % LEARNERS) for number in range(LOGINS)]
    keys = [f"GET /lti/keys HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()] * LOGINS
    with servers.gunicorn(agreed.settings) as port:
        for warming, wanted in ((launches[:WARMING], LAUNCHED), (keys[:WARMING], ANSWERED)):
            asked(port, warming, wanted)
        seconds = asked(port, keys, ANSWERED).seconds
        floor = {"beside": "our keys, one statement", "beside_value": round(LOGINS / seconds)}
        for name, requests, wanted, asked_for in (
            ("launches", launches[WARMING:], LAUNCHED, {"asked_for": ASKED_LAUNCHES}),
            ("logins", logins, ANSWERED, {}),
        ):
            told = asked(port, requests, wanted)
            tell(
                f"portals.{name}",
                len(requests) / told.seconds,
                f"{name}/s",
                p95_ms=round(1000 * percentile(told.took, 0.95), 1),
                median_ms=round(1000 * percentile(told.took, 0.5), 1),
                connections=CONNECTIONS,
                database="postgresql",
                load_share=round(told.share, 3),
                **asked_for,
                **floor,
            )


def _passback(agreed: Agreed) -> None:
    """Tell how long it takes until the platform has taken all scores, each of them once."""
    _wait(agreed)
    began = time.perf_counter()
    passing_back.pass_back(Workshop(agreed.settings, agreed.database))
    seconds = time.perf_counter() - began
    _check_taken(agreed)
    tell(
        "portals.passback",
        seconds,
        "s",
        scores=SCORES,
        threads=passing_back.THREADS,
        database="postgresql",
        asked_for=ASKED_SECONDS,
        beside="the platform's own time",
        beside_value=SCORES * SERVICE / passing_back.THREADS,
    )


def _launches(agreed: Agreed, host: str) -> list[bytes]:
    """Keep logins that wait for their answers, and return these: each learner by two links."""
    now = clock.now()
    rows, requests = [], []
    target = address_of(agreed.settings, agreed.material_id)
    for number in range(WARMING + LAUNCHES):
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        rows.append(
            {
                "state_hash": hashed(state), "nonce": nonce, "portal_id": agreed.portal_id,
                "target": target, "verifier_hash": hashed(verifier), "storage_target": "",
                "created_at": now,
            }
        )  # fmt: skip
        claims = _claims(agreed, number, nonce, target, now)
        token = jwt.encode(claims, agreed.key, algorithm="RS256", headers={"kid": KID})
        body = urlencode({"state": state, "id_token": token})
        head = (
            f"POST /lti/launch HTTP/1.1\r\nHost: {host}\r\n"
            f"Cookie: {gate.cookie_of(state)}={verifier}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        )
        requests.append(f"{head}\r\n{body}".encode())
    with agreed.database.unit_of_work() as session:
        session.execute(sa.insert(PortalLogin), rows)
    return requests


def _claims(
    agreed: Agreed, number: int, nonce: str, target: str, now: datetime
) -> dict[str, object]:
    """Return what a launch says: as Moodle's do, with its services."""
    learner, second = number % LEARNERS, int(now.timestamp())
    link = (learner + number // (LAUNCHES // 2)) % LINKS
    items = f"{agreed.origin}/items"
    return {
        "iss": agreed.origin, "aud": CLIENT, "sub": f"learner-{learner}",
        "iat": second, "exp": second + 600, "nonce": nonce,
        f"{LTI}version": "1.3.0",
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}roles": [ROLE],
        f"{LTI}deployment_id": DEPLOYMENT,
        f"{LTI}target_link_uri": target,
        f"{LTI}resource_link": {"id": f"link-{link}", "title": "全職員の研修"},
        f"{LTI}context": {"id": "course-1"},
        f"{LTI}launch_presentation": {"locale": "ja", "return_url": f"{agreed.origin}/course"},
        GRADES: {
            "scope": [SCORE, LINE_ITEM], "lineitems": items, "lineitem": f"{items}/{link}",
        },
        ROSTER: {"context_memberships_url": f"{agreed.origin}/members"},
    }  # fmt: skip


def _login(agreed: Agreed, host: str, learner: int) -> bytes:
    params = {
        "iss": agreed.origin,
        "login_hint": f"learner-{learner}",
        "target_link_uri": address_of(agreed.settings, agreed.material_id),
        "client_id": CLIENT,
    }
    return f"GET /lti/login?{urlencode(params)} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def _wait(agreed: Agreed) -> None:
    """Have everybody's score wait for the portal to take it."""
    now = clock.now()
    links = [new_id() for _ in range(LINKS)]
    same = {"portal_id": agreed.portal_id, "created_at": now}
    of_material = {"material_id": agreed.material_id}
    rows: dict[type, list[dict[str, Any]]] = {
        PortalLink: [
            {
                "id": key, "deployment_id": DEPLOYMENT, "resource_link_id": str(key), "grades": {},
                "line_item": f"{agreed.origin}/items/{key}", **same, **of_material,
            }
            for key in links
        ]
    }  # fmt: skip
    learners = [(new_id(), new_id()) for _ in range(SCORES)]
    rows[PortalLearner] = [{"id": key, "subject": str(key), **same} for key, _ in learners]
    rows[PortalAssignment] = [
        {"id": own, "link_id": link, "learner_id": key, "created_at": now, **of_material}
        for (key, own), link in zip(learners, itertools.cycle(links), strict=False)
    ]
    rows[LearnerRecord] = [
        {"guest_id": key, "assignment_id": own, "status": "passed", "score": 80.0, **of_material}
        for key, own in learners
    ]
    reached = {"activity_progress": "Completed", "grading_progress": "FullyGraded", "given": 80.0}
    rows[PortalScore] = [{"assignment_id": own, "next_at": now, **reached} for _, own in learners]
    with agreed.database.unit_of_work() as session:
        for model, values in rows.items():
            session.execute(sa.insert(model), values)


def _check_taken(agreed: Agreed) -> None:
    """See that each score was taken once, by the platform's own list, and is noted as taken."""
    with urlopen(f"{agreed.origin}/taken") as answer:
        taken = json.load(answer)
    with agreed.database.reading() as session:
        noted = session.scalar(
            sa.select(sa.func.count()).where(
                PortalScore.sent_at.is_not(None), PortalScore.next_at.is_(None)
            )
        )
    if not len(taken) == len(set(taken)) == noted == SCORES:
        raise SystemExit(f"{len(taken)} taken, of {len(set(taken))} learners; {noted} noted")
