"""Who was there, session by session, and who had said that they would not be."""
