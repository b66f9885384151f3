"""Another record store, as we speak to it."""
