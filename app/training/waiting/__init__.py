"""What waits for a head: for whom, since when, and until when."""
