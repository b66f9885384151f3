"""Addresses by which calendars subscribe to what somebody has to take."""
