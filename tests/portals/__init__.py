"""Tests of the wing of portals."""
