"""A PostgreSQL server that is frozen (SIGSTOP): connections stay, nothing answers. It is told within seconds, and found again without a restart."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from data_access import health
from data_access.contract.errors import StoreError
from data_access.questions.query import query
from data_access.store import releases, watching
from data_access.store.engines import PostgresStore
from data_access.store.releases import Release
from tests.data_access import small

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped by signals of POSIX systems")
AT_ONCE, SECONDS = 0.5, 5.0


@pytest.fixture
def on_postgres(empty_home: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A release on a server of ours."""
    if "SAMOEPHAK_TEST_DATABASE_URL" in os.environ:
        pytest.skip("the server is somebody else's")
    monkeypatch.setenv("SAMOEPHAK_DATABASE_URL", postgres)
    return small.publish(small.reported(2.0))


@contextmanager
def frozen(release: Release) -> Iterator[None]:
    """Every process of the server stops, as on a machine that swaps or whose disk hangs."""
    with releases.reader(release.id).connect() as connection:
        backend = psutil.Process(connection.connection.driver_connection.info.backend_pid)  # type: ignore[union-attr]
    server = backend.parent()
    assert server is not None
    stopped = [server, *server.children(recursive=True)]
    for process in stopped:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            process.send_signal(signal.SIGCONT)


def until_it_answers(release: Release) -> float:
    """Seconds until a question is answered again."""
    began = time.monotonic()
    while time.monotonic() - began < 20:
        try:
            query("pao.budget", by=("province",), release=release.id)
        except StoreError:
            time.sleep(0.1)
        else:
            break
    return time.monotonic() - began


def test_a_frozen_server_is_told_in_seconds_and_then_at_once_and_comes_back(on_postgres: Release) -> None:
    remembered = query("pao.budget", release=on_postgres.id)
    with frozen(on_postgres):
        began = time.monotonic()
        with pytest.raises(StoreError, match="does not answer"):
            query("pao.budget", by=("region4",), release=on_postgres.id)
        assert time.monotonic() - began < SECONDS
        began = time.monotonic()
        for by in ("region6", "nesdc"):
            with pytest.raises(StoreError, match="does not answer"):
                query("pao.budget", by=(by,), release=on_postgres.id)
        assert not health.ready()
        assert releases.list_releases() == [on_postgres]
        assert releases.served_release() == (on_postgres, "")
        assert query("pao.budget", release=on_postgres.id).equals(remembered)  # the last good figures
        assert time.monotonic() - began < AT_ONCE
    assert until_it_answers(on_postgres) < SECONDS
    assert health.ready()


def test_a_question_under_way_is_ended_when_the_server_freezes(on_postgres: Release) -> None:
    ended: list[object] = []

    def ask() -> None:
        began = time.monotonic()
        try:
            with releases.reader(on_postgres.id).connect() as connection:
                connection.exec_driver_sql("SELECT pg_sleep(25)")
        except StoreError:
            ended.append(time.monotonic() - began)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.5)
    with frozen(on_postgres):
        asking.join(SECONDS + 2)
        assert ended, "it still waits"
    assert until_it_answers(on_postgres) < SECONDS


def test_a_slow_question_to_a_server_that_answers_goes_on(on_postgres: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[object] = []
    monkeypatch.setattr(watching, "_cut", cut.append)
    engine = releases.reader(on_postgres.id)
    began = threading.active_count()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1 FROM pg_sleep(5)").scalar_one() == 1
    assert not cut
    time.sleep(0.3)
    assert threading.active_count() <= began + 1, "watches stay behind"


def test_connections_have_limits_of_their_own(postgres: str) -> None:
    store = PostgresStore(postgres)
    with store.root.connect() as connection:
        told = connection.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
    assert {k: int(told[k]) for k in watching.AT_MOST} == watching.AT_MOST
    assert isinstance(store.root, sa.Engine)
