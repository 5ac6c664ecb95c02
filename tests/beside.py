"""What tests need beside Python: programs that may be missing, and ports for their servers."""

from __future__ import annotations

import os
import socket
from typing import NoReturn

import pytest

HERE = "127.0.0.1"


class Missing(Exception):
    """A program that tests need is not here, and how to get it."""


def skip_without(reason: object) -> NoReturn:
    """Skip what cannot be tested here, and say why; in CI, where it must be, fail."""
    if os.environ.get("CI"):
        pytest.fail(str(reason))
    pytest.skip(str(reason))


def free_ports(count: int) -> list[int]:
    """Loopback ports, all different, on which nobody listens."""
    sockets = [socket.create_server((HERE, 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports
