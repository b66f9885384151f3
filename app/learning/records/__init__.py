"""Attempts and the learner's record: what was done, and what came of it."""
