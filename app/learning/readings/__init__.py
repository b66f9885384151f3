"""Documents and links taken: opened, and read to the end by the learner's word."""
