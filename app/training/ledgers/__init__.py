"""過去の台帳: what was taken before there was this system."""
