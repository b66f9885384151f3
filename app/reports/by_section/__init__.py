"""What the sections took in a year, by the sections of then or of now."""
