"""What may be asked for now: the controls of a player, and adl.nav.request_valid (RTE 4e, 4.4.1).

All is told from what is tracked at the moment, with the current activity still going on; nothing
is changed. A choice is valid where `scorm.sequencing.navigation` and `scorm.sequencing.choice` have
no objection and something would be delivered. Their rules are asked once for all children of a
cluster: to ask them of each activity would take the square of their number.
"""

from collections.abc import Iterator

from scorm.course import Controls
from scorm.edition import Edition
from scorm.sequencing import choice, delivery, navigation, rules, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity


def valid_requests(s: Session) -> Controls:
    """Return what may be asked for from here, or at the beginning where no session is on."""
    log, s.log = s.log, None
    s.candidate = s.current
    used_up = delivery.used_up(s)
    try:
        return Controls(
            can_continue=navigation.refusal(s, "continue") is None,
            can_go_back=navigation.refusal(s, "previous") is None,
            choices=tuple(_choices(s, used_up)),
            jumps=tuple(_jumps(s, s.tree.root, used_up)) if _knows_jumps(s) else (),
            hidden=tuple(_hidden(s, s.tree.root)),
        )
    finally:
        s.log = log


def _knows_jumps(s: Session) -> bool:
    return s.tree.edition is Edition.SCORM_2004_4 and s.current is not None


def _jumps(s: Session, activity: Activity, used_up: Activity | None) -> Iterator[str]:
    """Yield the leaves from here down that would be delivered, were they selected or not."""
    if _is_disabled(s, activity):
        return
    if activity.is_leaf and activity is not used_up:
        yield activity.identifier
    for child in activity.children:
        yield from _jumps(s, child, used_up)


def _is_disabled(s: Session, activity: Activity) -> bool:
    return activity.can_be_disabled and rules.is_disabled(s, activity)


def _hidden(s: Session, activity: Activity) -> Iterator[str]:
    """Tell what rules hide from choice, with all below it."""
    if choice.is_hidden(s, activity):
        yield from (one.identifier for one in s.tree.activities if one.is_within(activity))
        return
    for child in tracking.available_children(s, activity):
        if child.children or child.pre_rules["hiddenFromChoice"]:
            yield from _hidden(s, child)


def _choices(s: Session, used_up: Activity | None) -> Iterator[str]:
    current, root = s.current, s.tree.root
    if current is not None and navigation.is_held(s, current):
        return
    if choice.is_hidden(s, root) or _is_disabled(s, root):
        return
    if _delivers(s, root, used_up) and not choice.refusal(s, root, current):
        yield root.identifier
    yield from _below(s, root, used_up)


def _below(s: Session, cluster: Activity, used_up: Activity | None) -> Iterator[str]:
    """Yield what may be chosen below a cluster, in the tree's order."""
    objection = choice.Objection(s, cluster, s.current)
    for child in tracking.available_children(s, cluster):
        if choice.is_hidden(s, child) or _is_disabled(s, child):
            continue
        if cluster.definition.choice and not objection.to(child) and _delivers(s, child, used_up):
            yield child.identifier
        if child.children:
            yield from _below(s, child, used_up)


def _delivers(s: Session, activity: Activity, used_up: Activity | None) -> bool:
    """Whether something is delivered when an activity is chosen; clusters are flowed into."""
    if activity.flows_freely:
        return True
    found = navigation.chosen_leaf(s, activity)
    if found is None or found is used_up:
        return False
    # What is above a leaf has been asked on the way down to it.
    return activity.is_leaf or delivery.refusal(s, found) is None
