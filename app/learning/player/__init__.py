"""The player: launch, delivery of the content, and the content's own calls."""
