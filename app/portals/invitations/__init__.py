"""Addresses that hold once, by which a portal registers itself (Dynamic Registration)."""
