"""Two entries that are one person: finding them, making them one, and parting them again."""
