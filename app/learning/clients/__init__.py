"""Systems that speak to the record store: their keys, and what each may do."""
