"""What keeps an installation from starting or running on; each is a sentence for the operator."""


class LaunchError(Exception):
    """Something is missing, taken, silent or has ended; the sentence says which, and what helps."""
