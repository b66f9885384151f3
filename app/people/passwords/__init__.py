"""Passwords that people choose: what may be one, and changing one's own."""
