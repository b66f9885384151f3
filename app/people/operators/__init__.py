"""Accounts of the contractor who runs the system: no staff, and for a time only."""
