"""What one learner's courses share: objectives and data that are global to the system (2004)."""
