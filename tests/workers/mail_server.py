"""A mail server of thirty lines: it takes what is sent to it, refuses, or hangs up."""

from __future__ import annotations

import socketserver
import threading
from types import TracebackType
from typing import Self


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        owner: MailServer = self.server.owner  # type: ignore[attr-defined] # set below
        self._say("220 ready")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self._say("354 go on")
                owner.taken.append(self._data())
                if owner.hangs_up:
                    return
            answer = owner.answers.get(word.decode())
            self._say(answer or ("221 bye" if word == b"QUIT" else "250 ok"))
            if word == b"QUIT":
                return

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer:
    """A server on a free port of this machine while it is entered."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        #: What it says to a command in the place of its usual answer: {"RCPT": "550 nobody"}.
        self.answers: dict[str, str] = {}
        #: Whether it takes a mail and ends the line before it has said so.
        self.hangs_up = False
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk)
        self._server.owner = self  # type: ignore[attr-defined] # for the handler
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def address(self) -> str:
        """The address as the settings take it."""
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
