"""What is known of activities."""
