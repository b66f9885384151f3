"""Attendance as a file: a list filled in elsewhere, held against the session, and taken out."""
