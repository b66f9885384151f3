"""Videos launched and watched: what a player tells is applied once, and only as far as it can be.

The attempt is the same row as a package's, with a document of its own kind (`models.Watched`). One
attempt stays open for good: watching again resumes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import floor
from typing import Any

from sqlalchemy.orm import Session

from app.content.materials import access as material_access
from app.content.materials.models import Version
from app.content.materials.queries import Published
from app.content.videos import queries as videos
from app.content.videos.models import WatchingRule
from app.content.videos.queries import Film
from app.kernel import folding
from app.kernel.errors import Conflict
from app.kernel.settings import Settings
from app.learning.attempts import access
from app.learning.attempts.service import Message
from app.learning.launches import service as launches
from app.learning.launches.service import Launched
from app.learning.player import access as tokens
from app.learning.player import service as player
from app.learning.player.access import Visit
from app.learning.records import service as records
from app.learning.records.access import Assigned
from app.learning.records.models import Attempt
from app.learning.records.states import DONE, RecordStatus
from app.learning.turns import service as turns
from app.learning.watching import forms, queries
from app.learning.watching.forms import Told
from app.learning.watching.models import MISSING, NEAR, SLACK, Answer, Watched, judge
from app.learning.watching.queries import Asked
from xapi import video

#: Where the page of a video stands below its token.
PAGE = "watch"
#: The fastest speed that is offered.
FASTEST = 2.0
#: Parts of a film that were played apart from each other: nobody's hand makes so many.
MOST_PARTS = 2_000
#: Seconds: times are kept to the thousandth.
_ROUNDING = 0.0005


def launch(
    session: Session,
    assigned: Assigned,
    published: Published,
    visit: Visit,
    *,
    now: datetime,
    settings: Settings,
) -> str:
    """Begin or resume a learner's attempt at a video; return the address of its page.

    How it is watched is what the assignment says, else the material. Raises NotFound where nothing
    can be watched yet.
    """
    attempt = launches.begin(
        session, published, owner=visit.owner, assignment_id=assigned.assignment_id, now=now
    )
    rule = assigned.watching or _rule_of(session, published.material_id)
    version = session.get_one(Version, attempt.version_id)
    film = _prepare(session, attempt, version, rule)
    launched = Launched.of(attempt)
    launch = player.opened(
        session, "attempt.launched", launched, version, visit, now, assigned.until
    )
    return tokens.address(settings, replace(launch, root=film.prefix), PAGE)


def preview(
    session: Session,
    version: Version,
    visit: Visit,
    *,
    now: datetime,
    settings: Settings,
) -> str:
    """Begin an attempt that leaves no record, and return the address of its page."""
    attempt = launches.begin(session, version, owner=visit.owner, assignment_id=None, now=now)
    film = _prepare(session, attempt, version, _rule_of(session, version.material_id))
    launched = Launched.of(attempt)
    launch = player.opened(session, "attempt.previewed", launched, version, visit, now)
    return tokens.address(settings, replace(launch, root=film.prefix), PAGE)


def _rule_of(session: Session, material_id: uuid.UUID) -> WatchingRule:
    return WatchingRule.of(material_access.material(session, material_id).play)


def _prepare(session: Session, attempt: Attempt, version: Version, rule: WatchingRule) -> Film:
    """Have an attempt know its film and its rule as they are now."""
    film = videos.film(session, version)
    said = attempt.document or {"duration": film.duration}
    watched = Watched.of(said)
    watched.rule, watched.duration = rule, film.duration
    attempt.document = watched.as_document()
    return film


def is_free(attempt: Attempt, watched: Watched) -> bool:
    """Whether one may go anywhere, at any speed: nothing binds, or it was watched before."""
    return not watched.rule.is_bound or attempt.status in DONE


def commit(
    session: Session,
    attempt_id: uuid.UUID,
    *,
    lease: int,
    messages: Sequence[Message],
    now: datetime,
    is_late: bool = False,
) -> dict[str, Any]:
    """Apply messages, each once, and return the answer, the same however often they are sent.

    The first message of a newer launch opens its lease. Raises Conflict("superseded") when a newer
    launch has it, and Conflict("out_of_sequence") when a message before these is missing.
    """
    attempt, told_at = access.locked(session, attempt_id)
    opens = _open(attempt, lease)
    fresh = [message for message in messages if message.sequence > attempt.sequence]
    if not fresh:
        return attempt.answer
    for place, message in enumerate(fresh, attempt.sequence + 1):
        if message.sequence != place:
            raise Conflict("out_of_sequence", expected=place)
    if opens:
        turns.opened(session, attempt, now)
    watched, said = Watched.of(attempt.document), forms.told(fresh)
    asked = queries.asked(session, attempt.version_id)
    _apply(attempt, watched, said, asked, now, opens=opens)
    is_elsewhere = said.spent[0] > 0 and queries.watches_elsewhere(session, attempt, now)
    watched.elsewhere_times += is_elsewhere
    attempt.sequence, attempt.committed_at = fresh[-1].sequence, now
    if is_late and attempt.late_at is None:
        attempt.late_at = now
    is_news = _conclude(attempt, watched, asked, now)
    is_playing = said.spent[0] > 0 and not fresh[-1].leaving
    attempt.document = {**watched.as_document(), "is_playing": is_playing}
    attempt.answer = _answer(attempt, watched, said, now) | {"elsewhere": is_elsewhere}
    access.write(session, attempt)
    if attempt.record_id is not None and (is_news or records.is_due(told_at, now)):
        records.sum_up(session, attempt.record_id, now)
    return attempt.answer


def _open(attempt: Attempt, lease: int) -> bool:
    """Return whether this message opens its launch's lease; raises Conflict("superseded")."""
    if lease < attempt.opened_lease:
        raise Conflict("superseded")
    if lease == attempt.opened_lease:
        return False
    attempt.opened_lease, attempt.sequence, attempt.answer = lease, 0, {}
    return True


def _apply(
    attempt: Attempt, watched: Watched, said: Told, asked: Asked, now: datetime, *, opens: bool
) -> None:
    """Take down what was told; of time no more than the clock has counted since the last commit."""
    passed = max(0.0, (now - (attempt.committed_at or now)).total_seconds())
    bound = not is_free(attempt, watched)

    def allowed(slack: float, speed: float) -> float:
        # While no page was open nothing was played: the slack comes back, and that is all.
        return min(SLACK, slack + passed) if opens else slack + passed * speed

    film = allowed(watched.film_slack, 1.0 if bound else FASTEST)
    watched.film_slack = min(SLACK, _play(watched, said.stretches, film, bound=bound))
    clock = allowed(watched.clock_slack, 1.0)
    watched.clock_slack = min(SLACK, _spend(watched, said.spent, clock))
    watched.hidden_times += said.hidden_times
    if said.position is not None:
        watched.position = min(said.position, watched.duration)
    if said.is_ended and watched.played:
        watched.is_ended |= watched.played[-1][1] >= watched.duration - MISSING
    _answer_questions(watched, said, asked)


def _play(
    watched: Watched, stretches: Sequence[video.Segment], allowed: float, *, bound: bool
) -> float:
    """Add stretches as far as they can have been played; return what is left of `allowed`.

    What was skipped by who may not, what is more than the clock allows, and what would tear the
    union into more parts than anybody's hand can, is counted as doubted.
    """
    for begun, ended in stretches:
        whole = begun, min(ended, watched.duration)
        start, stop = video.joined(watched.played, whole)
        seconds = max(0.0, stop - start)
        is_skip = bound and start > NEAR and video.edge(watched.played, start, NEAR) is None
        believed = 0.0 if is_skip else min(seconds, floor(allowed * 1000) / 1000)
        grown = _grown(watched, start, believed)
        if video.length(grown) - video.length(watched.played) > believed + _ROUNDING:
            # Cut short, it ends so near the next part that what was not believed would close.
            believed = max(0.0, believed - video.GAP)
            grown = _grown(watched, start, believed)
        if len(grown) > MOST_PARTS:
            believed, grown = 0.0, watched.played
        watched.played = grown
        watched.doubted_seconds += seconds - believed
        allowed -= believed
    return allowed


def _grown(watched: Watched, start: float, seconds: float) -> video.Segments:
    return video.add(watched.played, (start, start + seconds), watched.duration)


def _spend(watched: Watched, spent: tuple[float, float, float], allowed: float) -> float:
    """Add time that was spent playing, present and hidden; return what is left of `allowed`."""
    played, present, hidden = (min(seconds, allowed) for seconds in spent)
    watched.played_seconds += played
    watched.present_seconds += present
    watched.hidden_seconds += hidden
    return allowed - max(played, present, hidden)


def _answer_questions(watched: Watched, said: Told, asked: Asked) -> None:
    for name, chosen in said.answers:
        if name in asked.questions:
            tries = watched.answers[name].tries if name in watched.answers else 0
            is_right = chosen == asked.questions[name]
            watched.answers[name] = Answer(chosen, is_right, tries + 1)
    if asked.code:
        wanted = folding.name_key(asked.code)
        watched.code_given |= any(folding.name_key(code) == wanted for code in said.codes)


def _conclude(attempt: Attempt, watched: Watched, asked: Asked, now: datetime) -> bool:
    """Derive the attempt's summary; return whether it has changed. What is done stays done."""
    before = attempt.status, attempt.progress, attempt.seconds
    is_done = attempt.status in DONE or judge(watched, list(asked.questions))
    attempt.status = RecordStatus.COMPLETED if is_done else RecordStatus.IN_PROGRESS
    attempt.progress = 1.0 if is_done else watched.progress
    attempt.seconds = watched.present_seconds
    attempt.completed_at = (attempt.completed_at or now) if is_done else None
    return before != (attempt.status, attempt.progress, attempt.seconds)


def _answer(attempt: Attempt, watched: Watched, said: Told, now: datetime) -> dict[str, Any]:
    return {
        "sequence": attempt.sequence,
        "saved_at": now.isoformat(),
        "status": attempt.status,
        "done": attempt.status in DONE,
        "progress": watched.progress,
        "played": [list(stretch) for stretch in watched.played],
        "answers": {name: each.is_right for name, each in watched.answers.items()},
        "code_given": watched.code_given,
        "rejected": [list(each) for each in said.rejected],
    }
