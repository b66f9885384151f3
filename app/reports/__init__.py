"""Reads across the whole application; writes nothing but the audit's line of having read."""
