"""Signing in with a staff number and a password, and the sign-ins that are open."""
