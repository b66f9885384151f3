"""What a video asks of those who watch it: questions on the way, and a code that it shows."""
