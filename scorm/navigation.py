"""Which item is delivered next: flow through the leaves in their order, and choice of a leaf."""

from typing import Final

from scorm.structure import Item, Organization, leaves

CHOICE: Final = "choice:"


def deliver(organization: Organization, current: str | None, request: str) -> Item | None:
    """Return the leaf that a navigation request leads to, None where it leads out of the course.

    `request` is start, resume, continue, previous, or `choice:` and an item's identifier; `current`
    is the leaf that was delivered last. What cannot be followed leads to the present leaf, or else
    to the first.
    """
    order = leaves(organization)
    places = {item.identifier: place for place, item in enumerate(order)}
    present = places.get(current or "")
    place = present or 0
    if request.startswith(CHOICE):
        place = places.get(request.removeprefix(CHOICE), place)
    elif request == "continue" and present is not None:
        place += 1
    elif request == "previous":
        place = max(0, place - 1)
    return order[place] if place < len(order) else None


def valid_requests(organization: Organization, current: str) -> dict[str, str]:
    """Return the answers to adl.nav.request_valid (2004 RTE, 4.4.1): `true` or `false` by request.

    Choices and jumps stand under `choice` and `jump` as the identifiers that may be asked for.
    """
    order = [item.identifier for item in leaves(organization)]
    place = order.index(current)
    return {
        "continue": "true" if place + 1 < len(order) else "false",
        "previous": "true" if place > 0 else "false",
        "choice": " ".join(order),
        "jump": "",
    }
