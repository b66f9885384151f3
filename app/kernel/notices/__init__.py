"""Messages to one person: on the screen, and by mail."""
