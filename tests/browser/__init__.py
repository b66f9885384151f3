"""Whole walks in a real browser, against a server started as an operator starts it."""
