"""Pages without a browser (`AppTest`) are run as somebody who has followed the link that a server prints: no cookie can be given to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner

from ui.entry import person, start_link


def follow(patch: pytest.MonkeyPatch) -> None:
    """Let every page of this process be for who has followed the link; no package is searched for components, as each `AppTest` does for half a second."""
    patch.setattr(manifest_scanner, "scan_component_manifests", list)
    name, value = start_link.cookie()
    patch.setattr(person, "sent", lambda: ({"host": "localhost", "cookie": f"{name}={value}"}, {name: value}))


@pytest.fixture(scope="session", autouse=True)
def link_followed() -> Iterator[None]:
    """The same for all tests of a folder, whose `conftest.py` imports this."""
    with pytest.MonkeyPatch.context() as patch:
        follow(patch)
        yield
