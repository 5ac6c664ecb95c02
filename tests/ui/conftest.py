"""Pages in these tests are for who has followed the link; where people sign in that makes no difference."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import opened


@pytest.fixture(scope="session", autouse=True)
def link_followed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        opened.follow(patch)
        yield
