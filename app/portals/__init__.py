"""Other portals that offer this server's courses to their own learners."""
