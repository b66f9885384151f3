"""One seat in a run, as its holder and those near them see it, and what can be asked for it."""
