"""Trainings that another institute gives: the list of those put forward, and its results."""
