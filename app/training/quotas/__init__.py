"""How many seats of a year's offering each section and each grade may take."""
