"""What a run consists of: its parts in their order, and the sessions in which people meet."""
