"""Signing in with the organisation's own account: what both protocols have in common."""
