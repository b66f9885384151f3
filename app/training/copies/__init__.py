"""What the plan of a fiscal year takes over from the one before."""
