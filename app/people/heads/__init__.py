"""Whose word counts for a section today: its head, or the nearest one above."""
