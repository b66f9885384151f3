"""What opens on the content's origin, whatever its kind."""
