"""Checking in at the door: by a code that the organiser shows, or by a number on their terminal."""
