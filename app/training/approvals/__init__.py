"""What heads and the office have said to a candidacy or a change, step by step."""
