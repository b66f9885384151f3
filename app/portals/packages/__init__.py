"""Portals without LTI: a SCORM package that opens a course here and reports back."""
