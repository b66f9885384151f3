"""Months of runs as a table of weeks: sessions by their hour, first and last days."""
