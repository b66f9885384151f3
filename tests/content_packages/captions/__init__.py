"""Captions: their forms, their checks, their chapters."""
