"""Staff: who they are, their numbers and their posts, each with its dates."""
