"""Tests of the launcher, on real processes."""
