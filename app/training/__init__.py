"""The training office's own work: trainings, their runs, and who is enrolled."""
