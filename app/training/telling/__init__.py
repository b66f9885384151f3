"""Who is told of what happens in the workflow, and in which words."""
