"""Tests of the sequencer, one file a behaviour, on trees of a few activities."""
