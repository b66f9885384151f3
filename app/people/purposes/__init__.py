"""What the data is used for, who sees it and how long: read and confirmed, version by version."""
