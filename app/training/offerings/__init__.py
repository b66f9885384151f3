"""What the plan of a fiscal year offers: trainings with their rules, quotas and calendar."""
