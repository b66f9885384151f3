"""How the videos of a run are watched: as the office says, else as each video says itself."""
