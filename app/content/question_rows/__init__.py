"""The rows of a question's form: options, blanks, pairs."""
