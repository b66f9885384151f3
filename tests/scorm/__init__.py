"""Tests of the standard alone, on made, real and ADL's own material."""
