"""Other record stores that ours forwards to: proposed, approved by another, stopped, ended."""
