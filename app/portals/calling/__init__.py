"""Calls to portals: lines, tokens and keys that the threads of a process share."""
