"""Giving one candidacy its seat, or its place among those who wait."""
