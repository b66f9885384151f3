"""SCORM content in statements: ADL's "Experience API SCORM Profile", without a database."""
