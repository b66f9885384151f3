"""What waits to be forwarded: written where a statement is kept, in the same transaction."""
