"""Films as browsers take them: fragments of MP4 (CMAF), their playlists (HLS), small pictures."""
