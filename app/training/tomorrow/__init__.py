"""What is told on the day before: sessions to come, and limits that end."""
