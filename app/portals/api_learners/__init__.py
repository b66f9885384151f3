"""Learners of systems that speak to the programming interface: guests, known by their agent."""
