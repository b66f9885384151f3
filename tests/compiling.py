"""Each test makes an application of its own: what they have in common is compiled once."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, ClassVar

import flask
import jinja2
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class Templates(jinja2.BytecodeCache):
    """Templates compiled by one application, for the next."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the template's code, where it is known."""
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the template's code."""
        self.code[bucket.key, bucket.checksum] = bucket.code


class Address(Rule):
    """A rule whose builders, which Werkzeug compiles from a syntax tree, are shared with its like.

    A builder takes the rule as its first argument, so it belongs to none.
    """

    known: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults: dict[str, Any] = dict(self.defaults or {})
        key = (self.rule, append_unknown, *sorted(defaults.items()))
        if key not in self.known:
            self.known[key] = super()._compile_builder(append_unknown)
        return self.known[key]


def once() -> None:
    """Let every application from now on share them: it halves what a test of a page costs."""
    flask.Flask.jinja_options = {"bytecode_cache": Templates()}
    flask.Flask.url_rule_class = Address
