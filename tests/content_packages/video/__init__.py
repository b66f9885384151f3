"""Films: their boxes, fragments, playlists and small pictures."""
