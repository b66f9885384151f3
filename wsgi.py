"""By path and host name: the record store, the office's application, or the content's."""

from __future__ import annotations

import gc

# What is imported stays: the collector of garbage would look for some in it again and again, and
# take a fifth of the time of the start.
gc.disable()

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app import api, factory, record_store
from app.kernel import installation, logs, processes
from app.kernel.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

settings = Settings.from_environment()
logs.configure(settings.log_format)
database = installation.connect(settings)
office = factory.create_app(settings, database)
content = factory.create_content_app(settings, database)
systems_store = record_store.create_app(settings, database)
interface = api.create_app(settings, database)
content_store = record_store.create_content_app(settings, database)
office_host = urlsplit(settings.office_origin).netloc
if settings.own_processor:
    processes.keep_to_a_processor()
# Nor does it look there later on, which would hold up a request now and then.
gc.freeze()
gc.enable()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer as the office on the office's host, and as untrusted content on any other.

    Each of them has the record store beside it.
    """
    is_office = environ.get("HTTP_HOST") == office_host
    if environ.get("PATH_INFO", "").startswith(f"{record_store.PATH}/"):
        chosen = systems_store if is_office else content_store
    elif is_office and environ.get("PATH_INFO", "").startswith(f"{api.PATH}/"):
        chosen = interface
    else:
        chosen = office if is_office else content
    return chosen(environ, start_response)
