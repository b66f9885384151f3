"""What happens after a commit: each job loads by id, does its work, and records the result."""
