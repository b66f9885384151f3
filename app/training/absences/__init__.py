"""Giving notice of an absence, a late arrival or an early leave: by oneself, or by the section."""
