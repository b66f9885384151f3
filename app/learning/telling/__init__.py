"""What attempts tell the record store: SCORM content and videos as statements, after the fact."""
