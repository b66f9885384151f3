"""Notices to those of a section who have no address, to be handed out on paper."""
