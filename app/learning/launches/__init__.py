"""Which attempt a launch opens, and how attempts are begun anew."""
