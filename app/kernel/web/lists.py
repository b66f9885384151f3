"""Lists in a request: what is asked of one, which rows were chosen, and the links of its heads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlencode

import flask

from app.kernel import lists
from app.kernel.errors import Refused
from app.kernel.lists import Choice, Listing, Sort, View

#: A page has fewer rows; a database takes no more values in one statement than it likes.
MOST_ROWS = 1_000


@dataclass(frozen=True)
class Head:
    """What the head of a column says of the order, and where it leads."""

    #: `ascending` or `descending` where the rows are ordered by it before anything else.
    order: str | None
    address: str


def asked(listing: Listing) -> View:
    """Return a list as the request asks for it, by its address or by a form that carries one on."""
    pairs = flask.request.values.items(multi=True)
    return listing.asked(cast("lists.Pairs", pairs))  # its stub knows no `multi`


def choice(view: View) -> Choice | None:
    """Return which rows of a list were chosen; None where the request comes from no choice.

    Raises Refused("nothing_chosen"), and Refused("bad_request") for more rows than a page has.
    """
    said = flask.request.values.getlist(lists.CHOSEN)
    keys = tuple(dict.fromkeys(flask.request.values.getlist(lists.ROW, type=uuid.UUID)))
    if not said:
        return None
    if "all" not in said and not keys:
        raise Refused("nothing_chosen")
    if len(keys) > MOST_ROWS:
        raise Refused("bad_request")
    is_all = "all" in said
    return Choice(() if is_all else keys, is_all, view.narrowing)


def confirmed() -> str:
    """Return the mark of what was confirmed."""
    return flask.request.form.get(lists.CONFIRMED, "")


def sorting(key: str, usual: str | None = None) -> Head:
    """Return what the head of a column says; `usual` is its order where the address says none."""
    present = lists.sorts(flask.request.args.getlist(lists.SORT))
    order = usual
    if present:
        words = {Sort(key): "ascending", Sort(key, is_descending=True): "descending"}
        order = words.get(present[0])
    elif usual == "ascending":
        present = (Sort(key),)
    others = [
        pair for pair in flask.request.args.items(multi=True) if pair[0] not in (lists.SORT, "page")
    ]
    then = [(lists.SORT, each.written) for each in lists.turned(present, key)]
    return Head(order, "?" + urlencode([*others, *then], quote_via=quote))


def install(app: flask.Flask) -> None:
    """Give the templates what the heads of lists need."""
    app.add_template_global(sorting)
