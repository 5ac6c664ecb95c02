"""A data directory with the demonstration release, built once for the tests of the screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """SAMOEPHAK_HOME with the demonstration data, for the whole session."""
    pytest.importorskip("data_access.demo")
    from data_access.bootstrap import ensure_ready

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("home")))
        ensure_ready()
        yield
