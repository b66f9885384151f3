"""Who watches a film at a site right now, counted in Redis: it is forgotten within a minute.

Where Redis is away nobody is counted, and everybody may watch.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from functools import cache
from typing import cast

import redis

from app.kernel import sites
from app.kernel.errors import Unavailable
from app.kernel.settings import Settings
from app.kernel.sites import Site

log = logging.getLogger(__name__)

#: Seconds after its last word that a viewer is taken to be gone; a player says one every ten.
GONE = 60


def site_of(settings: Settings, address: str) -> Site | None:
    """Return the site of an address; None where the settings name none for it."""
    return sites.of_address(sites.parse(settings.video_sites), address)


def height_for(
    settings: Settings, address: str, attempt_id: uuid.UUID, now: datetime
) -> int | None:
    """Note a viewer, and return the height of the largest size they may play; None for any.

    1 stands for the smallest size, whatever that is. Raises Unavailable("site_full") where a site
    has as many viewers as its line bears; who watches already goes on.
    """
    site = site_of(settings, address)
    heights = [settings.video_height, site.height if site else 0]
    if site is not None and (site.busy or site.most):
        before, count = arrive(settings, site, attempt_id, now)
        if site.most and count > site.most and not before:
            leave(settings, site, attempt_id)
            raise Unavailable("site_full")
        if site.busy and count >= site.busy:
            heights.append(1)
    return min((height for height in heights if height), default=None)


def arrive(
    settings: Settings, site: Site, attempt_id: uuid.UUID, now: datetime
) -> tuple[bool, int]:
    """Note that somebody watches; return whether they did before, and how many do now."""
    key, moment = _key(site), now.timestamp()
    try:
        with _redis(settings).pipeline() as work:
            work.zremrangebyscore(key, "-inf", moment - GONE)
            work.zscore(key, attempt_id.hex)
            work.zadd(key, {attempt_id.hex: moment})
            work.zcard(key)
            work.expire(key, GONE)
            _, before, _, count, _ = work.execute()
    except redis.RedisError:
        log.warning("viewers.uncounted")
        return True, 0
    return before is not None, cast("int", count)


def leave(settings: Settings, site: Site, attempt_id: uuid.UUID) -> None:
    """Note that somebody has gone."""
    try:
        _redis(settings).zrem(_key(site), attempt_id.hex)
    except redis.RedisError:
        log.warning("viewers.uncounted")


def _key(site: Site) -> str:
    return f"kenshu:viewers:{site.name}"


@cache
def _redis(settings: Settings) -> redis.Redis:
    return redis.Redis.from_url(settings.redis, socket_connect_timeout=1, socket_timeout=1)
