"""A line between browser and server that counts what it carries and can be cut: a relay of TCP connections on a port of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Line:
    """Passes everything on to a server; `received` are the bytes sent to browsers so far, as compressed as they travel."""

    def __init__(self, server_url: str) -> None:
        self.far = urlsplit(server_url).port
        self.near = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.near.getsockname()[1]}"
        self.ends: list[socket.socket] = []
        self.received = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _address = self.near.accept()
                server = socket.create_connection(("127.0.0.1", self.far))
                self.ends += [browser, server]
                for source, target in ((browser, server), (server, browser)):
                    threading.Thread(target=self._pass, args=(source, target, target is browser), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.received += len(data) if counted else 0
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Close every connection that there is; new ones are passed on again."""
        ends, self.ends = self.ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        """Pass nothing on any more."""
        self.near.close()
        self.cut()
