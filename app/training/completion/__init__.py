"""修了の条件: what it takes to complete an offering, and how each person stands by it."""
