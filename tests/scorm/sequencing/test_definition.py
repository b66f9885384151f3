"""What a manifest says of sequencing is stored and comes back the same."""

import json

from hypothesis import given, settings

from scorm.sequencing import definition
from scorm.sequencing.definition import ObjectiveMap, Sequencing
from tests.scorm.sequencing.courses import sequencings
from tests.scorm.sequencing.made import objective, rollup, rules


@settings(max_examples=60)
@given(sequencings())
def test_what_is_stored_comes_back_the_same(said: Sequencing) -> None:
    document = json.loads(json.dumps(definition.to_document(said)))
    assert definition.from_document(document) == said


def test_only_what_differs_from_the_default_is_stored() -> None:
    assert definition.to_document(Sequencing()) == {}
    said = Sequencing(
        flow=True,
        pre=rules("skip", "always"),
        rollup_rules=(rollup("completed", "attempted", of="any"),),
        primary=objective("p", writes={"g": "satisfied"}),
    )
    assert definition.to_document(said) == {
        "flow": True,
        "pre": [{"action": "skip", "conditions": [{"kind": "always"}]}],
        "rollup_rules": [
            {"action": "completed", "conditions": [{"kind": "attempted"}], "child_set": "any"}
        ],
        "primary": {
            "identifier": "p",
            "maps": [{"target": "g", "reads": [], "writes": ["satisfied"]}],
        },
    }


def test_the_default_of_a_map_is_stored_as_its_target_alone() -> None:
    assert definition.to_document(ObjectiveMap("g")) == {"target": "g"}
