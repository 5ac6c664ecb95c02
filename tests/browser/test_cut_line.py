"""A web socket that is cut, as on a train or behind a proxy that restarts: the view comes back and goes on, nothing is lost."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import PATIENCE, Server, settled


class Line:
    """A line between browser and server that can be cut: a relay of TCP connections on a port of its own."""

    def __init__(self, server: Server) -> None:
        self.far = int(server.url.rsplit(":", 1)[1])
        self.near = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.near.getsockname()[1]}"
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                one, _address = self.near.accept()
                other = socket.create_connection(("127.0.0.1", self.far))
                self.ends += [one, other]
                for source, target in ((one, other), (other, one)):
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Close every connection that there is; new ones are passed on again."""
        ends, self.ends = self.ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    made = Line(server)
    yield made
    made.near.close()
    made.cut()


def test_a_view_survives_a_line_that_is_cut(page: Page, line: Line) -> None:
    page.goto(f"{line.url}/grants?lang=en&province=40&period=2566-1", timeout=PATIENCE)
    settled(page)
    before = page.get_by_text("Khon Kaen").count()
    first = page.locator("[data-testid=stBidiComponentRegular]").first.inner_text()
    for _time in range(3):
        line.cut()
        page.wait_for_function("document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED'")
        settled(page)
    assert "province=40" in page.url
    assert page.get_by_text("Khon Kaen").count() == before
    assert page.locator("[data-testid=stBidiComponentRegular]").first.inner_text() == first
    page.locator("[name=period]").select_option("2566-2")  # and it goes on
    expect(page.get_by_text("Showing Semester 2/2566")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert "period=2566-2" in page.url
