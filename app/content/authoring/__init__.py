"""What is written here: tests, surveys, documents and links, from draft to publication."""
