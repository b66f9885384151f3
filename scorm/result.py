"""What an attempt on a course comes to, for its learner's record.

In 2004 the rollup of the sequencer decides on completion and success, with three differences that
a training office needs:

- success that nobody has spoken of is not claimed: the book has silent content satisfy its activity
- a measure that nobody has told is left out of the score; the book counts it as 0
- where the manifest has no rollup of its own, what was once completed within the attempt counts,
  though the learner has begun the course anew since
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scorm import outcome, structure
from scorm.attempt import Attempt
from scorm.course import Course
from scorm.outcome import Completion, Outcome, Success
from scorm.sequencing import rollup, tracking
from scorm.sequencing.session import Session
from scorm.sequencing.tree import Activity, Tree


def outcomes(course: Course, document: Mapping[str, Any]) -> dict[str, Outcome]:
    """Return what each leaf comes to, by its identifier."""
    states = document.get("items", {})
    return {
        identifier: outcome.of(course.edition, states.get(identifier))
        for identifier in course.items
    }


def whole(attempt: Attempt, found: Mapping[str, Outcome]) -> Outcome:
    """Return what the course comes to, given what its leaves do (`outcomes`)."""
    tree = attempt.course.tree
    if tree is None:
        order = structure.leaves(attempt.course.organization)
        return outcome.roll_up([found[item.identifier] for item in order])
    session = _copy(attempt, tree)
    if session.current is not None:
        rollup.overall(session, session.current)
    counted = [a.identifier for a in _leaves(session, tree.root) if a.definition.tracked]
    base = outcome.roll_up([found[identifier] for identifier in counted])
    if len(counted) == 1 and tree.root.children[0].is_leaf:
        return _judged(base, session, found)
    score = _score(session, tree.root, found)
    return _judged(replace(base, scaled=score, raw=None, min=None, max=None), session, found)


def _copy(attempt: Attempt, tree: Tree) -> Session:
    """Return the session on a copy of what is tracked: the rollup is only tried."""
    state, shared = json.loads(
        json.dumps([attempt.document.get("sequencing", {}), attempt.objectives()])
    )
    return Session(tree, state, shared, attempt.draw)


def _leaves(session: Session, activity: Activity) -> list[Activity]:
    if activity.is_leaf:
        return [activity]
    children = tracking.available_children(session, activity)
    return [leaf for child in children for leaf in _leaves(session, child)]


def _judged(base: Outcome, session: Session, found: Mapping[str, Outcome]) -> Outcome:
    """Let the root's completion and satisfaction decide over the plain sum of the leaves."""
    root = session.tree.root
    completion: Completion = base.completion
    success: Success = base.success
    done, passed = tracking.completed(session, root), tracking.satisfied(session, root)
    if done:
        completion = "completed"
    elif completion == "completed" and _has_own_rollup(session.tree):
        completion = "incomplete"
    is_spoken_of = any(one.success != "unknown" for one in found.values())
    if is_spoken_of and passed is not None:
        success = "passed" if passed else "failed"
    return replace(base, completion=completion, success=success)


def _has_own_rollup(tree: Tree) -> bool:
    """Whether the manifest says how completion is to be rolled up."""
    return any(
        activity.completed_by_measure
        or not activity.definition.rollup_progress
        or any(rule.action == "completed" for rule in activity.definition.rollup_rules)
        for activity in tree.activities
    )


def _score(session: Session, activity: Activity, found: Mapping[str, Outcome]) -> float | None:
    """Return the mean of the scores that are known, weighted as the measures are."""
    if activity.is_leaf:
        return outcome.scaled_of(found[activity.identifier])
    total = weights = 0.0
    for child in tracking.available_children(session, activity):
        weight = child.definition.measure_weight if child.definition.tracked else 0.0
        score = _score(session, child, found)
        if score is not None:
            total += weight * score
            weights += weight
    return total / weights if weights else None
