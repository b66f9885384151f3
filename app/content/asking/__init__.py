"""A question as it is asked, and the answers that a page sends."""
