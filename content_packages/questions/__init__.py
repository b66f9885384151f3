"""Test questions: their neutral form, their marking, and the formats of the outside world."""
