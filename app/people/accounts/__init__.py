"""Accounts: whose they are, the lock after too many failures, and the freeze in an incident."""
