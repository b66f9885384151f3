"""QTI 2.1 and 3.0 of 1EdTech: items and packages of items, read and written."""
