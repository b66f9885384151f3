"""What is held about one person: all approved items, and what has been changed of them."""
