"""Documents (PDF) and links: what is read as it is."""
