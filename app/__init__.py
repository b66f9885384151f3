"""Kenshu's application: the training office and the content server, as two Flask applications."""
