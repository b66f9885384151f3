"""紙: orders, rosters and decisions as PDFs on A4."""
