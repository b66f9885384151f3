"""The objectives of an activity (CAM 4e, 5.1.7 and 5.1.11), ADL's maps laid over IMS's."""

from typing import Final

from lxml import etree

from scorm.edition import Edition
from scorm.manifest_values import boolean, name, number
from scorm.sequencing.definition import VALUES, Objective, ObjectiveMap
from scorm.xml import attribute, child_text, children, local_name

#: The attributes of mapInfo by the value they speak of. The first two are IMS's, the others came
#: with the 4th Edition in elements of ADL's.
_MAPPED: Final = {
    "satisfied": "satisfiedstatus",
    "measure": "normalizedmeasure",
    "raw": "rawscore",
    "min": "minscore",
    "max": "maxscore",
    "completed": "completionstatus",
    "progress": "progressmeasure",
}
_OF_IMS: Final = VALUES[:2]
_OF_ADL: Final = VALUES[2:]


def objectives(
    element: etree._Element | None, extension: etree._Element | None, edition: Edition
) -> tuple[Objective, tuple[Objective, ...]]:
    """Return the primary objective and the others of imsss:objectives and ADL's extension."""
    primary, others = Objective(), []
    for found in element if element is not None else ():
        objective = _objective(found, edition)
        if local_name(found.tag) == "primaryobjective":
            primary = objective
        elif objective.identifier:
            others.append(objective)
    extended = _extended(extension) if edition is Edition.SCORM_2004_4 else {}
    taken = [_with_maps(one, extended.get(one.identifier, ())) for one in others]
    return _with_maps(primary, extended.get(primary.identifier, ())), tuple(taken)


def _objective(element: etree._Element, edition: Edition) -> Objective:
    minimum = number(child_text(element, "minnormalizedmeasure"), -1, 1)
    reads = VALUES if edition is Edition.SCORM_2004_4 else _OF_IMS
    maps = (_map(found, _OF_IMS, reads) for found in children(element, "mapinfo"))
    return Objective(
        identifier=name(element, "objectiveid"),
        satisfied_by_measure=boolean(attribute(element, "satisfiedbymeasure")) or False,
        minimum_measure=1.0 if minimum is None else minimum,
        maps=tuple(found for found in maps if found.target),
    )


def _extended(element: etree._Element | None) -> dict[str, tuple[ObjectiveMap, ...]]:
    return {
        name(objective, "objectiveid"): tuple(
            _map(found, _OF_ADL, _OF_ADL) for found in children(objective, "mapinfo")
        )
        for objective in (children(element, "objective") if element is not None else ())
    }


def _with_maps(objective: Objective, extended: tuple[ObjectiveMap, ...]) -> Objective:
    """Lay the maps that speak of the 4th Edition's values over those of the same target."""
    by_target = {found.target: found for found in objective.maps}
    for more in extended:
        before = by_target.get(more.target, ObjectiveMap(more.target, reads=()))
        by_target[more.target] = ObjectiveMap(
            more.target,
            reads=tuple(value for value in before.reads if value in _OF_IMS) + more.reads,
            writes=before.writes + more.writes,
        )
    return Objective(
        objective.identifier,
        objective.satisfied_by_measure,
        objective.minimum_measure,
        tuple(by_target.values()),
    )


def _map(
    element: etree._Element, values: tuple[str, ...], by_default: tuple[str, ...]
) -> ObjectiveMap:
    """Read a mapInfo: a value is read unless it says no, and written only where it says yes."""

    def says(verb: str, value: str) -> bool | None:
        return boolean(attribute(element, verb + _MAPPED[value])) if value in values else None

    return ObjectiveMap(
        target=name(element, "targetobjectiveid"),
        reads=tuple(value for value in by_default if says("read", value) is not False),
        writes=tuple(value for value in values if says("write", value)),
    )
