"""Taking a material: launches, attempts, the player, and the learner's record."""
