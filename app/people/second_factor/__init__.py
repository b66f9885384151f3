"""The second factor: codes of an app (RFC 6238), and recovery codes for when it is lost."""
