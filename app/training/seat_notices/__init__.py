"""Telling those concerned what becomes of a seat."""
