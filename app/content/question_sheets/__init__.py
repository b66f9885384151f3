"""Questions as rows of a sheet that any spreadsheet opens."""
