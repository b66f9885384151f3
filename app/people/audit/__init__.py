"""The audit to read: searched on a page, taken along as a file, and asked after a leak."""
