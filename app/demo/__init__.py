"""The demonstration: fictional staff, two packages of our own, trainings in different states."""

from app.demo.load import Account, load

__all__ = ["Account", "load"]
