"""Sessions of content that speaks to the record store: opened, judged, ended."""
