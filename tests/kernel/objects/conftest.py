"""The two stores, as any installation may have them: a folder, and a server that speaks S3."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app.kernel.objects import Objects, objects_of
from app.kernel.settings import Settings

KEY, SECRET = "only-for-tests", "not-a-secret"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server that speaks S3."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str) -> str:
    """The name of an empty bucket of the test's own."""
    name = f"films-{uuid4().hex}"
    client = boto3.client(
        "s3",
        endpoint_url=s3_server,
        region_name="us-east-1",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
    )
    client.create_bucket(Bucket=name)
    client.close()
    return name


@pytest.fixture
def s3_settings(settings: Settings, s3_server: str, bucket: str) -> Settings:
    """Settings by which objects lie below a prefix of the bucket."""
    return replace(
        settings,
        object_store=f"s3://{bucket}/kenshu/films",
        object_store_endpoint=s3_server,
        object_store_key=KEY,
        object_store_secret=SECRET,
    )


@pytest.fixture(params=["folder", "s3"])
def store_settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings with the one store, then with the other."""
    if request.param == "folder":
        return settings
    found: Settings = request.getfixturevalue("s3_settings")
    return found


@pytest.fixture
def objects(store_settings: Settings) -> Objects:
    """The store, with nothing in it."""
    return objects_of(store_settings)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file of ten bytes."""
    path = tmp_path / "source"
    path.write_bytes(b"0123456789")
    return path
