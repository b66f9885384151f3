"""What has gone back to portals, and what waits to."""
