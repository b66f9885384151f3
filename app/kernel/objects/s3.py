"""Objects in a store that speaks S3: Amazon's, or one of the same tongue in the house."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import boto3.session
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app.kernel.errors import Unavailable
from app.kernel.objects.keys import (
    CHUNK,
    About,
    ObjectMissing,
    checked,
    checked_prefix,
    to_remove,
)
from app.kernel.settings import Settings

log = logging.getLogger(__name__)

#: Seconds until a connection must stand, and until the next byte must come.
CONNECT_SECONDS: Final = 3
READ_SECONDS: Final = 30
#: How often a request is made in all, where the store is busy or the line breaks. A page waits for
#: it: with a store that is gone some ten seconds.
ATTEMPTS: Final = 3
#: What S3 calls it that there is no such object; in answer to HEAD there is the number alone.
_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})
#: Larger files go in parts of this size, a few at once: no more than these lies in the memory, and
#: ten thousand, which is all that S3 takes, hold 160 GB.
_PART: Final = 16 * 1024 * 1024
_TRANSFER = TransferConfig(
    multipart_threshold=_PART,
    multipart_chunksize=_PART,
    max_concurrency=4,
    preferred_transfer_client="classic",
)


class S3:
    """A bucket, or what lies in it below a prefix. All methods may be called from any thread."""

    def __init__(self, settings: Settings) -> None:
        """Connect when the first request is made."""
        bucket, _, below = settings.object_store.removeprefix("s3://").partition("/")
        self._bucket = bucket
        self._below = f"{below.strip('/')}/" if below.strip("/") else ""
        self._is_direct = settings.object_store_direct
        self._client = _client(settings)

    def put(self, key: str, path: Path, content_type: str) -> None:
        """Send the file; a large one in parts, which become the object once all are there."""
        told = {"ContentType": content_type}
        place = self._below + checked(key)
        with _answered("put"):
            self._client.upload_file(
                str(path), self._bucket, place, ExtraArgs=told, Config=_TRANSFER
            )

    def fetch(self, key: str, target: Path) -> None:
        """Get the object; it gets its name when it is whole."""
        place = self._below + checked(key)
        with _answered("fetch"):
            self._client.download_file(self._bucket, place, str(target), Config=_TRANSFER)

    def read(self, key: str) -> bytes:
        """Get the object whole."""
        return b"".join(self.stream(key))

    def stream(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Begin to get a part of the object."""
        wanted = self._named(key)
        if start or stop is not None:
            if stop is not None and stop <= start:
                return iter(())
            wanted["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        with _answered("stream"):
            try:
                return _Pieces(self._client.get_object(**wanted)["Body"])
            except ClientError as error:
                if _code(error) == "InvalidRange":  # it ends before
                    return iter(())
                raise

    def about(self, key: str) -> About | None:
        """Ask for the object's head."""
        try:
            with _answered("about"):
                head = self._client.head_object(**self._named(key))
        except ObjectMissing:
            return None
        return About(head["ContentLength"], head["ETag"], head["ContentType"])

    def keys(self, prefix: str) -> Iterator[str]:
        """Ask page by page."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._below + checked_prefix(prefix)
        )
        return self._keys(pages)

    def remove(self, prefix: str) -> int:
        """Delete one after another: not every store understands a request for many."""
        count = 0
        for key in self.keys(to_remove(prefix)):
            with _answered("remove"):
                self._client.delete_object(Bucket=self._bucket, Key=self._below + key)
            count += 1
        return count

    def address(self, key: str, seconds: int) -> str | None:
        """Return a signed address where the settings say that browsers come to the store."""
        wanted = self._named(key)
        if not self._is_direct:
            return None
        signed = self._client.generate_presigned_url("get_object", wanted, ExpiresIn=seconds)
        return cast("str", signed)

    def local(self, key: str) -> None:
        """Return None: it lies elsewhere."""
        checked(key)

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._below + checked(key)}

    def _keys(self, pages: Any) -> Iterator[str]:
        with _answered("keys"):
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"].removeprefix(self._below)


class _Pieces:
    """The body of an answer, piece by piece; whoever leaves off in the middle closes it."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._pieces = body.iter_chunks(CHUNK)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with _answered("stream"):
            piece = next(self._pieces, None)
        if piece is None:
            raise StopIteration
        return cast("bytes", piece)

    def close(self) -> None:
        """Let go of the connection."""
        self._body.close()


def _client(settings: Settings) -> Any:
    """Return a client that knows nothing but the settings: no file and no variable of Amazon's."""
    session = boto3.session.Session(
        aws_access_key_id=settings.object_store_key,
        aws_secret_access_key=settings.object_store_secret,
        region_name=settings.object_store_region or "us-east-1",  # what others than Amazon sign for
    )
    config = Config(
        signature_version="s3v4",
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        ignore_configured_endpoint_urls=True,
        # A server in the house seldom has a name for each bucket,
        s3={"addressing_style": "path" if settings.object_store_endpoint else "auto"},
        # and does not always know the checksums that Amazon has added.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return session.client("s3", endpoint_url=settings.object_store_endpoint or None, config=config)


@contextmanager
def _answered(operation: str) -> Iterator[None]:
    """Raise ObjectMissing or Unavailable for what the store, or the way to it, has failed in."""
    try:
        yield
    except ClientError as error:
        if _code(error) in _MISSING:
            raise ObjectMissing from error
        raise _unreachable(operation, _code(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise _unreachable(operation, type(error).__name__) from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _unreachable(operation: str, code: str) -> Unavailable:
    log.error("object_store.failed", extra={"operation": operation, "code": code})
    return Unavailable("object_store_unreachable")
