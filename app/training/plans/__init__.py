"""Trainings, their runs, and what a run consists of."""
