"""Tests of uploads that go on after a cut."""
