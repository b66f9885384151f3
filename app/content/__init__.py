"""The materials of the trainings: packages, their versions and their publication."""
