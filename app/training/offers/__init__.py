"""What a call is to one learner: open or not, what stands in the way, and what clashes."""
