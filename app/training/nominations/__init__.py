"""A section's list for a call (推薦名簿): written by its coordinator, sent by its head."""
