"""What the system itself has to say in the record store."""
