"""What happens to a seat after the order: another run, another person, no more, next year."""
