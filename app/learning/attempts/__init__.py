"""Attempts under way: begin, deliver an item, commit what it has set, end."""
