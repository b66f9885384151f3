"""Statements on their way to another record store: taken, sent, and noted."""
