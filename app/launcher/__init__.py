"""Starts all that one installation needs as children of one process, and stops all of it again."""
