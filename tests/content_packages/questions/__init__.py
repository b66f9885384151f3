"""Tests of questions: their marking, and the formats of the outside world."""
