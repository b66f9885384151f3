"""The programming interface for content: systems import courses, and launch them for learners."""
