"""What the office says of a run, on one form: when it is planned, and whenever that changes."""
