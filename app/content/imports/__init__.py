"""Packages on their way in: an upload, the long work of checking it, and what came of it."""
