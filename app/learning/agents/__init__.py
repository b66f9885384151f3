"""Who of the staff statements are about, as far as their identifiers say it."""
