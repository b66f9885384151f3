"""Saying something to those people who may be told, on screen and by mail."""
