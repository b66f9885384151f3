"""The choice of materials that a portal's teachers make (Deep Linking)."""
