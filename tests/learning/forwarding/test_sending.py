"""Statements on their way: in order, in batches, none lost, whatever the other store answers."""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.kernel import clock
from app.kernel.db import new_id
from app.learning.forwarding import queries
from app.learning.forwarding import service as forwarding
from app.learning.forwarding.models import XapiForward
from app.learning.outgoing.models import XapiOutgoing
from app.learning.retention import service as retention
from app.learning.sending import service
from app.learning.statements import service as statements
from app.learning.statements.models import XapiStatement
from app.people.restriction import service as restriction
from tests import factories
from tests.learning import stating
from tests.learning.forwarding import made
from tests.learning.forwarding.receiver import Receiver
from workers import forwarding as worker
from workers.workshop import Workshop
from xapi.multipart import Attachment


class Sender:
    """An installation that forwards to the other store."""

    def __init__(self, shop: Workshop, store: Receiver, **changes: Any) -> None:
        self.shop, self.store = shop, store
        with shop.database.unit_of_work() as session:
            said = {"endpoint": store.endpoint, **changes}
            self.forward_id = made.active(session, shop.settings, **said).id

    def tell(self, count: int = 1, **parts: Any) -> list[str]:
        """Have statements kept; return their ids in their order."""
        with self.shop.database.unit_of_work() as session:
            said = (stating.said(id=str(new_id()), **parts) for _ in range(count))
            return [str(key) for key in stating.told(session, *said)]

    def send(self) -> None:
        """Have the worker send what waits."""
        worker.forward(self.shop)

    def row(self) -> XapiForward:
        """Return how the destination stands."""
        with self.shop.database.reading() as session:
            return session.get_one(XapiForward, self.forward_id)

    def counts(self) -> tuple[int, int]:
        """Return how many wait, and how many were refused."""
        with self.shop.database.reading() as session:
            found = queries.counts(session, self.forward_id)
        return found.waiting, found.refused

    def refused(self) -> list[tuple[str, int, str]]:
        """Return what was refused, with which status and words."""
        with self.shop.database.reading() as session:
            rows = session.execute(queries.refused(self.forward_id)).all()
            shown = [queries.RefusedRow(*row) for row in rows]
        return [(str(each.statement_id), each.status, each.answer) for each in shown]

    def wait(self) -> None:
        """Let the time go by that the destination is left alone."""
        with self.shop.database.unit_of_work() as session:
            session.get_one(XapiForward, self.forward_id).next_at = clock.now()

    def step(self, step: Callable[..., object]) -> None:
        """Have an administrator take a step."""
        with self.shop.database.unit_of_work() as session:
            row = forwarding.found(session, self.forward_id, to_change=True)
            step(session, row, by=made.administrator(session), now=clock.now())


@pytest.fixture
def sender(shop: Workshop, store: Receiver) -> Sender:
    return Sender(shop, store)


def test_what_is_kept_is_sent_once_in_its_order_as_it_is_kept(
    sender: Sender, store: Receiver
) -> None:
    keys = sender.tell(3, result={"response": "かな\n二行"})
    sender.send()
    sender.send()
    [asked] = store.posted
    assert (asked.path, list(asked.ids)) == ("/lrs/statements", keys)
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["X-Experience-API-Version"] == "1.0.3"
    pair = b64encode(b"key-1:secret-1").decode()
    assert asked.headers["Authorization"] == f"Basic {pair}"
    assert "Cookie" not in asked.headers
    with sender.shop.database.reading() as session:
        texts = session.scalars(sa.select(XapiStatement.text).order_by(XapiStatement.seq)).all()
    assert [json.loads(text) for text in texts] == list(store.kept.values())
    row = sender.row()
    assert (row.sent, row.error, sender.counts()) == (3, "", (0, 0))
    assert row.sent_at is not None


def test_fifty_go_at_a_time(sender: Sender, store: Receiver) -> None:
    keys = sender.tell(120)
    sender.send()
    assert [len(each.ids) for each in store.posted] == [50, 50, 20]
    assert list(store.kept) == keys
    assert sender.row().sent == 120


def test_a_request_holds_no_more_than_it_may(
    sender: Sender, store: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LARGEST", 3000)
    keys = sender.tell(5, result={"response": "x" * 1000})
    sender.send()
    assert {len(each.ids) for each in store.posted} == {2, 1}
    monkeypatch.setattr(service, "LARGEST", 10)
    keys += sender.tell(2)
    sender.send()
    assert list(store.kept) == keys


def named(content: bytes, **parts: Any) -> dict[str, Any]:
    """Return an attachment as a statement names it."""
    return {
        "usageType": "https://example.jp/essay", "display": {"ja": "作文"},
        "contentType": "text/plain", "length": len(content),
        "sha2": hashlib.sha256(content).hexdigest(), **parts,
    }  # fmt: skip


def test_attachments_without_an_address_go_along(sender: Sender, store: Receiver) -> None:
    essay, film = b"an essay\r\n--", b"a film"
    with sender.shop.database.unit_of_work() as session:
        for content in (essay, film):
            sha2 = hashlib.sha256(content).hexdigest()
            statements.keep(session, [Attachment(sha2, "text/plain", content)])
    sender.tell(1)
    keys = sender.tell(1, attachments=[named(essay)])
    keys += sender.tell(1, attachments=[named(film, fileUrl="https://example.jp/film")])
    sender.send()
    [asked] = store.posted
    assert asked.headers["Content-Type"].startswith("multipart/mixed; boundary=")
    assert [each.content for each in store.attachments.values()] == [essay]
    sender.tell(1, attachments=[named(film, fileUrl="https://example.jp/film")])
    sender.send()
    assert store.posted[-1].headers["Content-Type"] == "application/json"
    assert sender.counts() == (0, 0)


def test_attachments_count_for_what_a_request_holds(
    sender: Sender, store: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LARGEST", 5000)
    contents = [bytes([number]) * 2000 for number in range(65, 70)]
    for content in contents:
        with sender.shop.database.unit_of_work() as session:
            sha2 = hashlib.sha256(content).hexdigest()
            statements.keep(session, [Attachment(sha2, "text/plain", content)])
        sender.tell(1, attachments=[named(content)])
    sender.send()
    assert len(store.posted) > 2
    assert [each.content for each in store.attachments.values()] == contents


def test_one_that_is_refused_in_the_middle_keeps_none_of_the_others_back(
    sender: Sender, store: Receiver
) -> None:
    keys = sender.tell(5)
    store.refuses, store.said = {keys[2]: 400}, "それは受け取れません\0" + "x" * 1000
    sender.send()
    assert [len(each.ids) for each in store.posted] == [5, 1, 1, 1, 1, 1]
    assert list(store.kept) == [*keys[:2], *keys[3:]]
    [(key, status, answer)] = sender.refused()
    assert (key, status, len(answer)) == (keys[2], 400, 500)
    assert answer.startswith("それは受け取れませんx")
    assert (sender.row().sent, sender.counts()) == (4, (0, 1))


def test_what_was_refused_is_sent_again_only_when_somebody_says_so(
    sender: Sender, store: Receiver
) -> None:
    keys = sender.tell(2)
    store.refuses = dict.fromkeys(keys, 422)
    sender.send()
    before = len(store.posted)
    sender.send()
    assert len(store.posted) == before
    store.refuses = {}
    with sender.shop.database.unit_of_work() as session:
        row = forwarding.found(session, sender.forward_id, to_change=True)
        by, now = made.administrator(session), clock.now()
        query = sa.select(XapiStatement.seq).where(XapiStatement.id == uuid.UUID(keys[1]))
        seq = session.scalars(query).one()
        assert forwarding.send_again(session, row, seq, by=by, now=now) == 1
        assert forwarding.send_again(session, row, seq, by=by, now=now) == 0
    sender.send()
    assert (list(store.kept), sender.counts()) == ([keys[1]], (0, 1))
    with sender.shop.database.unit_of_work() as session:
        row = forwarding.found(session, sender.forward_id, to_change=True)
        by = made.administrator(session)
        assert forwarding.send_again(session, row, None, by=by, now=clock.now()) == 1
    sender.send()
    assert (set(store.kept), sender.counts()) == (set(keys), (0, 0))


def test_one_that_the_store_has_already_counts_as_sent(sender: Sender, store: Receiver) -> None:
    keys = sender.tell(3)
    store.refuses = dict.fromkeys(keys[1:], 409)
    store.kept[keys[1]] = {}
    sender.send()
    assert sender.refused() == [(keys[2], 409, "")]
    assert (sender.row().sent, sender.counts()) == (2, (0, 1))


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "credentials_refused"),
        (403, "credentials_refused"),
        (404, "not_a_store"),
        (302, "not_a_store"),
        (429, "store_failing"),
        (500, "store_failing"),
        (503, "store_failing"),
    ],
)
def test_a_store_that_is_not_well_is_left_alone_and_gets_all_of_it_later(
    sender: Sender, store: Receiver, status: int, code: str
) -> None:
    keys = sender.tell(2)
    store.status, store.said = status, "not now"
    before = clock.now()
    sender.send()
    sender.send()
    assert len(store.posted) == 1
    row = sender.row()
    assert (row.error, row.answer, row.failures) == (code, f"{status} not now", 1)
    assert before + service.FIRST_WAIT <= row.next_at <= clock.now() + service.FIRST_WAIT
    assert sender.counts() == (2, 0)
    sender.wait()
    sender.send()
    assert sender.row().failures == 2
    assert sender.row().next_at > clock.now() + service.FIRST_WAIT
    store.status = 200
    sender.wait()
    sender.send()
    row = sender.row()
    assert (list(store.kept), sender.counts()) == (keys, (0, 0))
    assert (row.error, row.answer, row.failures) == ("", "", 0)


def test_a_store_that_stays_away_is_asked_every_six_hours(sender: Sender) -> None:
    sender.tell()
    with sender.shop.database.unit_of_work() as session:
        row = session.get_one(XapiForward, sender.forward_id)
        row.failures, row.endpoint = 40, "http://127.0.0.1:1/lrs/"
    sender.send()
    row = sender.row()
    assert (row.error, row.answer) == ("line_broken", "")
    assert timedelta(hours=5) < row.next_at - clock.now() <= timedelta(hours=6)


def test_a_store_is_called_nowhere_inside(sender: Sender) -> None:
    sender.tell()
    with sender.shop.database.unit_of_work() as session:
        session.get_one(XapiForward, sender.forward_id).endpoint = "https://[::1]/lrs/"
    sender.send()
    assert sender.row().error == "address_not_allowed"


def test_who_dies_between_sending_and_noting_loses_nothing(
    sender: Sender, store: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sender.tell(3)

    class Killed(BaseException):
        """The process is gone."""

    def dies(*_given: object) -> bool:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(service, "taken", dies)
        with pytest.raises(Killed):
            sender.send()
    assert (list(store.kept), sender.counts()) == (keys, (3, 0))
    sender.send()
    assert len(store.posted) == 1  # it is still the dead one's
    sender.wait()
    sender.send()
    assert [each.ids for each in store.posted] == [tuple(keys)] * 2
    assert (list(store.kept), sender.row().sent, sender.counts()) == (keys, 3, (0, 0))


def test_who_comes_back_after_all_changes_nothing_of_the_next(
    sender: Sender, store: Receiver
) -> None:
    sender.tell(2)
    database = sender.shop.database
    with database.unit_of_work() as session:
        late = service.claim(session, clock.now(), sender.shop.settings)
    assert late is not None
    sender.wait()
    with database.unit_of_work() as session:
        present = service.claim(session, clock.now(), sender.shop.settings)
    assert present is not None
    with database.unit_of_work() as session:
        assert not service.taken(session, late, late.going, clock.now())
        service.done(session, late, clock.now())
        assert session.get_one(XapiForward, sender.forward_id).next_at == present.until
    with database.unit_of_work() as session:
        assert service.taken(session, present, present.going, clock.now())
    assert sender.row().sent == 2


def test_nobody_is_locked_while_the_store_is_asked(sender: Sender, store: Receiver) -> None:
    sender.tell()
    told = []
    store.meanwhile = lambda: told.extend(sender.tell() if not told else ())
    sender.send()
    assert len(told) == 1
    assert len(store.kept) == 2


def test_who_is_stopped_sends_nothing_more_and_what_waits_is_sent_afterwards(
    sender: Sender, store: Receiver
) -> None:
    keys = sender.tell(60)
    stopped = []

    def stop() -> None:
        if not stopped:
            stopped.append(sender.step(forwarding.stop))

    store.meanwhile = stop
    sender.send()
    assert (len(store.posted), sender.counts()) == (1, (10, 0))
    keys += sender.tell(1)
    sender.send()
    assert (len(store.posted), sender.counts()) == (1, (11, 0))
    sender.step(forwarding.resume)
    sender.send()
    assert (list(store.kept), sender.counts()) == (keys, (0, 0))


def test_who_is_stopped_amid_a_refused_batch_sends_none_of_the_rest(
    sender: Sender, store: Receiver
) -> None:
    keys = sender.tell(5)
    store.refuses = {keys[0]: 400}

    def stop() -> None:
        if len(store.posted) == 2:
            sender.step(forwarding.stop)

    store.meanwhile = stop
    sender.send()
    assert [len(each.ids) for each in store.posted] == [5, 1]
    assert sender.counts() == (4, 1)


def test_one_store_that_is_slow_keeps_no_other_waiting(sender: Sender, store: Receiver) -> None:
    quick = Sender(sender.shop, store, name="もう一つ")
    sender.tell(2)
    both = threading.Barrier(2, timeout=10)
    store.meanwhile = both.wait
    sender.send()
    assert len(store.posted) == 2
    assert (sender.counts(), quick.counts()) == ((0, 0), (0, 0))


def test_others_have_their_turn_after_a_while(
    sender: Sender, store: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SHARE", timedelta(0))
    sender.tell()
    asked: list[str] = []
    monkeypatch.setattr(sender.shop.database, "_writers", _nudging(sender.shop, asked.append))
    sender.send()
    assert (asked, store.posted) == (["forward"], [])


def _nudging(shop: Workshop, nudge: Callable[[str], None]) -> Any:
    return sa.orm.sessionmaker(shop.database.engine, info={"nudge": nudge})


def test_a_secret_that_no_key_opens_is_told_and_keeps_no_other_waiting(
    sender: Sender, store: Receiver
) -> None:
    other = Sender(sender.shop, store, name="もう一つ")
    sender.tell()
    with sender.shop.database.unit_of_work() as session:
        session.get_one(XapiForward, sender.forward_id).secret = "sealed by nobody"
    sender.send()
    assert (sender.row().error, sender.counts()) == ("secret_unreadable", (1, 0))
    assert other.counts() == (0, 0)


def test_what_is_erased_is_sent_nowhere(sender: Sender, store: Receiver) -> None:
    attempt = uuid.uuid4()
    context = {"registration": str(attempt)}
    sender.tell(1, context=context)
    [other] = sender.tell(1)
    with sender.shop.database.unit_of_work() as session:
        gone = retention._told(session, [attempt])
    assert (gone["xapi_statement"], gone["xapi_outgoing"]) == (1, 1)
    sender.send()
    assert list(store.kept) == [other]


def test_what_is_about_somebody_whose_data_is_only_kept_is_held_back(
    sender: Sender, store: Receiver
) -> None:
    with sender.shop.database.unit_of_work() as session:
        who = factories.person(session, number="00777")
        who.email = "hanako@example.jp"
        by = made.administrator(session)
        restriction.restrict(session, who.id, restriction.Reason.REQUEST, by=by, now=clock.now())
        session.flush()
    other = sender.tell()
    keys = [
        *sender.tell(actor=stating.account(str(who.id))),
        *sender.tell(actor=stating.account("00777")),
        *sender.tell(context={"instructor": stating.mail("hanako@example.jp")}),
        *sender.tell(actor=stating.account("00777", "https://elsewhere.example.jp")),
    ]
    sender.send()
    assert list(store.kept) == [*other, keys[3]]
    assert sender.refused() == [(key, 0, "") for key in reversed(keys[:3])]
    with sender.shop.database.unit_of_work() as session:
        row = forwarding.found(session, sender.forward_id, to_change=True)
        assert forwarding.send_again(session, row, None, by=by, now=clock.now()) == 3
    sender.send()
    assert sender.counts() == (0, 3)
    with sender.shop.database.unit_of_work() as session:
        restriction.release(session, who.id, by=by, now=clock.now())
        row = forwarding.found(session, sender.forward_id, to_change=True)
        forwarding.send_again(session, row, None, by=by, now=clock.now())
    sender.send()
    assert (len(store.kept), sender.counts()) == (5, (0, 0))


def test_what_was_erased_while_it_was_put_down_is_passed_over(
    sender: Sender, store: Receiver
) -> None:
    [key] = sender.tell(1)
    with sender.shop.database.unit_of_work() as session:
        session.add(XapiOutgoing(forward_id=sender.forward_id, seq=999_999))
    sender.send()
    assert (list(store.kept), sender.counts()) == ([key], (0, 0))
    with sender.shop.database.unit_of_work() as session:
        session.add(XapiOutgoing(forward_id=sender.forward_id, seq=999_999))
    sender.send()
    assert (len(store.posted), sender.counts()) == (1, (0, 0))


def test_what_waits_for_one_that_has_ended_is_dropped(
    sender: Sender, store: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Sender(sender.shop, store, name="もう一つ")
    sender.tell(3)
    sender.step(forwarding.end)
    monkeypatch.setattr(service, "AT_ONCE", 2)
    assert worker.drop_ended(sender.shop, clock.now()) == 3
    assert worker.drop_ended(sender.shop, clock.now()) == 0
    assert (sender.counts(), other.counts()) == ((0, 0), (3, 0))
    sender.send()
    assert len(store.posted) == 1


def test_the_second_version_is_spoken_where_it_is_agreed(shop: Workshop, store: Receiver) -> None:
    sender = Sender(shop, store, version="2.0.0")
    sender.tell()
    sender.send()
    assert store.posted[0].headers["X-Experience-API-Version"] == "2.0.0"
