"""Tables that people upload, CSV or workbook: from bytes to lines of the wanted columns."""
