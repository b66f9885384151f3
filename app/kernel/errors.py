"""What a service may answer instead of doing as asked; each has a stable code and data."""

from __future__ import annotations


class KenshuError(Exception):
    """The base of all that the web's edge turns into a page or problem+json.

    `code` is stable and names a sentence in the text of its wing; `data` fills the sentence.
    """

    status = 400

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


class Refused(KenshuError):
    """The request was understood and will not be done; the code says why and how to mend it."""

    status = 422


class Unauthorized(KenshuError):
    """Nobody known asks, and who asks is a machine: no page to sign in on would help it."""

    status = 401


class Forbidden(KenshuError):
    """The person is known and may not do this."""

    status = 403


class NotFound(KenshuError):
    """It is absent, or it is not yours: the answer does not tell which."""

    status = 404

    def __init__(self, code: str = "not_found", **data: object) -> None:
        super().__init__(code, **data)


class Conflict(KenshuError):
    """Somebody else changed it first; nothing was overwritten."""

    status = 409


class Gone(KenshuError):
    """It was there, and its time is over (an expired launch)."""

    status = 410


class Unavailable(KenshuError):
    """Not now: the same request may be sent again later, and should be."""

    status = 503


class Malformed(KenshuError):
    """The request does not say what its protocol asks it to say."""

    status = 400


class UnknownVersion(KenshuError):
    """The request speaks another version of its protocol."""

    status = 412


class PreconditionFailed(KenshuError):
    """What the request says of the thing that is there is not so; nothing was changed."""

    status = 412


class TooLarge(KenshuError):
    """More comes than is taken."""

    status = 413


class UnknownType(KenshuError):
    """The body is of another type than what is taken."""

    status = 415


class Locked(KenshuError):
    """Another request is at work on it; the same one may be sent again in a moment."""

    status = 423


class Damaged(KenshuError):
    """What came is not what was sent: its checksum is another (tus 1.0.0, Checksum)."""

    status = 460


class NoRoom(KenshuError):
    """The disk has not room for it."""

    status = 507
