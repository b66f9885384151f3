"""Conformance runs: suites of others, played against a running server."""
