"""Which status counts where the manifest sets a measure (RTE 2004 4e, 4.2.4.1 and 4.2.22.1)."""

from collections.abc import Mapping
from decimal import Decimal


def completion_of(values: Mapping[str, str]) -> str:
    """Return the completion status: by the threshold if there are both it and a measure.

    Without a measure the content's own word stands. Strict would be "unknown" where the manifest
    sets a threshold; courses that never set a measure would then never be complete.
    """
    threshold, measure = (
        values.get("cmi.completion_threshold"),
        values.get("cmi.progress_measure"),
    )
    if threshold is None or measure is None:
        return values.get("cmi.completion_status", "unknown")
    return "completed" if Decimal(measure) >= Decimal(threshold) else "incomplete"


def success_of(values: Mapping[str, str]) -> str:
    """Return the success status: by the passing score if there are both it and a scaled score."""
    passing, scaled = values.get("cmi.scaled_passing_score"), values.get("cmi.score.scaled")
    if passing is None or scaled is None:
        return values.get("cmi.success_status", "unknown")
    return "passed" if Decimal(scaled) >= Decimal(passing) else "failed"


def mastery_of(values: Mapping[str, str]) -> str | None:
    """Return passed or failed by SCORM 1.2's mastery score (3.4.4), None where there is none."""
    mastery, raw = values.get("cmi.student_data.mastery_score"), values.get("cmi.core.score.raw")
    if not mastery or not raw:
        return None
    return "passed" if Decimal(raw) >= Decimal(mastery) else "failed"
