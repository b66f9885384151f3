"""One's own password: what may be one, and putting it in the place of the one before.

Only argon2id hashes are kept. `check` does the slow work and writes nothing; `change` is short.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import hashing
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.folding import name_key
from app.kernel.settings import Settings
from app.people.accounts import queries as holders
from app.people.accounts import service as accounts
from app.people.accounts.queries import Holder
from app.people.passwords.models import FormerPassword
from app.people.sign_in.models import Credential

#: Shortest password that people may choose.
LEAST = 12
#: So many characters must be left where all that anybody would guess is taken out.
LEAST_OF_ONES_OWN = 6
#: So many different ones must be among them.
LEAST_DIFFERENT = 5
#: What the commonest long passwords are put together from.
COMMON = (
    "password", "passw0rd", "pass", "kenshu", "administrator", "admin", "qwertyuiop", "qwerty",
    "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc", "1qaz2wsx", "abcdefghijklmnopqrstuvwxyz", "abcdefgh",
    "abcdef", "01234567890", "1234567890", "12345678", "123456", "0987654321", "iloveyou",
    "welcome", "letmein", "パスワード", "研修", "けんしゅう", "いろはにほへと", "あいうえお",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A password that somebody wants, looked at; its hash is made where nothing is wrong."""

    #: Whether the present one was right.
    is_right: bool
    #: The hash that the present one was tried on.
    present_hash: str
    new_hash: str
    refused: Refused | None


def own(session: Session, by: Actor) -> Credential:
    """Return one's own password; raises Refused("password_none") for who has none."""
    credential = session.get(Credential, by.known_id)
    if credential is None:
        raise Refused("password_none")
    return credential


def check(
    session: Session, by: Actor, present: str, new: str, now: datetime, settings: Settings
) -> Wanted:
    """Try the present password, and look at the new one; writes nothing.

    What can be wrong with the new one: "password_short", "password_long", "password_is_yours",
    "password_common", "password_same", "password_used". Raises Refused("password_none").
    """
    kept = own(session, by).password_hash
    if not hashing.matches(kept, present):
        return Wanted(is_right=False, present_hash=kept, new_hash="", refused=None)
    refused = fault_of(new, holders.holder_of(session, by.known_id, now))
    if refused is None and new == present:
        refused = Refused("password_same")
    if refused is None and _was_used(session, by.known_id, new, settings):
        refused = Refused("password_used", count=settings.password_history)
    new_hash = "" if refused else hashing.of_chosen(new)
    return Wanted(is_right=True, present_hash=kept, new_hash=new_hash, refused=refused)


def change(
    session: Session, by: Actor, wanted: Wanted, now: datetime, settings: Settings
) -> Refused | None:
    """Set one's own password as it was checked, and end one's other sign-ins.

    Returns Refused as a value, since a wrong present password counts as a failure: code
    "password_wrong" (also while locked), or what was wrong with the new one.
    """
    account = accounts.locked_row(session, by.known_id)
    credential = session.get(Credential, by.known_id, populate_existing=True)
    is_same = credential is not None and credential.password_hash == wanted.present_hash
    if credential is None or accounts.is_locked(account, now) or not (wanted.is_right and is_same):
        reason = "locked" if accounts.is_locked(account, now) else "wrong"
        if reason == "wrong":
            accounts.count_failure(session, account, now, settings)
        _record(session, "person.sign_in_failed", by, now, {"reason": reason})
        return Refused("password_wrong")
    if wanted.refused:
        return wanted.refused
    keep_former(session, credential, now)
    _forget_the_oldest(session, by.known_id, settings)
    credential.password_hash = wanted.new_hash
    credential.must_change = False
    credential.changed_at = now
    accounts.forget_failures(account)
    accounts.end_sign_ins(session, [by.known_id], now, keep=by.sign_in_id)
    _record(session, "person.password_changed", by, now)
    return None


def fault_of(new: str, holder: Holder | None) -> Refused | None:
    """Return what keeps a password from being chosen; None for one that may be."""
    if len(new) < LEAST:
        return Refused("password_short", least=LEAST)
    if len(new) > hashing.MOST:
        return Refused("password_long", most=hashing.MOST)
    folded = name_key(new)
    if len(_without(folded, _words_of(holder))) < LEAST_OF_ONES_OWN:
        return Refused("password_is_yours")
    if len(set(_without(folded, COMMON))) < LEAST_DIFFERENT:
        return Refused("password_common")
    return None


def _words_of(holder: Holder | None) -> list[str]:
    """Return what others know of somebody: number, name and its parts, mail address and its."""
    if holder is None:
        return []
    address = holder.email or ""
    mailbox, _, host = address.partition("@")
    words = [
        holder.number,
        holder.number.lstrip("0"),
        holder.name,
        *holder.name.split(),
        address,
        mailbox,
        host,
    ]
    return [name_key(word) for word in words]


def _without(folded: str, words: list[str] | tuple[str, ...]) -> str:
    """Take words out, the longest first; what is only a letter or two is no word."""
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 1:
            folded = folded.replace(word, "")
    return folded


def _was_used(session: Session, person_id: uuid.UUID, new: str, settings: Settings) -> bool:
    kept = settings.password_history - 1
    newest = (
        sa.select(FormerPassword.password_hash)
        .where(FormerPassword.person_id == person_id)
        .order_by(FormerPassword.ended_at.desc(), FormerPassword.id.desc())
        .limit(max(kept, 0))
    )
    return any(hashing.verifies(former, new) for former in session.scalars(newest).all())


def keep_former(session: Session, credential: Credential, now: datetime) -> None:
    """Remember a password that is about to go; one that was issued nobody would choose again."""
    if hashing.is_chosen(credential.password_hash):
        session.add(
            FormerPassword(
                person_id=credential.person_id,
                password_hash=credential.password_hash,
                ended_at=now,
            )
        )
        session.flush()


def _forget_the_oldest(session: Session, person_id: uuid.UUID, settings: Settings) -> None:
    newest = (
        sa.select(FormerPassword.id)
        .where(FormerPassword.person_id == person_id)
        .order_by(FormerPassword.ended_at.desc(), FormerPassword.id.desc())
    )
    beyond = session.scalars(newest).all()[max(settings.password_history - 1, 0) :]
    session.execute(sa.delete(FormerPassword).where(FormerPassword.id.in_(beyond)))


def drop(session: Session, person_id: uuid.UUID) -> bool:
    """Take somebody's password away, and those before it; return whether there was one."""
    session.execute(sa.delete(FormerPassword).where(FormerPassword.person_id == person_id))
    gone = sa.delete(Credential).where(Credential.person_id == person_id)
    return session.execute(gone.returning(Credential.person_id)).first() is not None


def _record(
    session: Session,
    action: str,
    by: Actor,
    now: datetime,
    details: dict[str, object] | None = None,
) -> None:
    subject = ("person", by.person_id)
    audit.record(session, action, by=by.person_id, now=now, subject=subject, details=details)
