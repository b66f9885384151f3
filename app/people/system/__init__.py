"""The administrator's page of the whole system."""
