"""What the LMS gives a SCO when it starts: who learns, how, and what the manifest says of it."""

from dataclasses import dataclass
from typing import Literal, Self

from scorm.structure import DataMap, Item

Mode = Literal["normal", "browse", "review"]


@dataclass(frozen=True)
class Launch:
    """The facts of a launch; texts are as the manifest has them, None where it says nothing.

    `language` is the learner's, which content may change for itself; `completion_threshold` is
    given only where the item completes by measure. An asset never calls the API: to have been
    delivered is all it can do.
    """

    learner_id: str
    learner_name: str
    language: str = ""
    mode: Mode = "normal"
    is_asset: bool = False
    launch_data: str | None = None
    mastery_score: str | None = None
    scaled_passing_score: str | None = None
    completion_threshold: str | None = None
    max_time_allowed: str | None = None
    time_limit_action: str | None = None
    shared_data: tuple[DataMap, ...] = ()

    @classmethod
    def of(
        cls, item: Item, *, learner_id: str, learner_name: str, language: str, mode: Mode
    ) -> Self:
        """Return the launch of an item for a learner."""
        threshold = item.completion_threshold
        return cls(
            learner_id=learner_id,
            learner_name=learner_name,
            language=language,
            mode=mode,
            is_asset=item.resource_type == "asset",
            launch_data=item.launch_data,
            mastery_score=item.mastery_score,
            scaled_passing_score=item.scaled_passing_score,
            completion_threshold=threshold.minimum if threshold and threshold.by_measure else None,
            max_time_allowed=item.max_time_allowed,
            time_limit_action=item.time_limit_action,
            shared_data=item.shared_data,
        )
