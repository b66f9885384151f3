"""Who is in a portal's course, asked when somebody wants to see it."""
