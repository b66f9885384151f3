"""Whom an offering is for: people by a condition, fixed as a list or followed as they come."""
