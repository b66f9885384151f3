"""Tests of materials and of their way in."""
