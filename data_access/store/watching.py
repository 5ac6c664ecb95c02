"""A PostgreSQL server that is frozen, not down: connections stay open, the system answers for the process, and nothing ever comes.

Neither `statement_timeout` (the server's own) nor keepalives and `tcp_user_timeout` (the system's) notice that. So a question that takes longer
than a while has the server asked on a connection of its own; when that is not answered either, the line of the question is cut, and everybody
else is told at once until the server answers again. A slow question on a server that answers goes on.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from data_access.contract.errors import StoreError
from i18n import N_

PROBE = 2  # seconds for a connection and an answer; libpq takes no shorter time
ASK_AGAIN = 1.0  # seconds
AT_MOST = {
    "connect_timeout": PROBE,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""Of every connection: a line that is cut, or a machine that is gone, is noticed by the system (milliseconds where libpq says so)."""
_TIMER = "samoephak_watch"


def no_answer() -> StoreError:
    """What is told of a database that does not answer."""
    return StoreError(
        N_("The database does not answer at this moment. What you saw before is still there; try again in a minute.")
    )


class Watch:
    """Whether one server answers."""

    def __init__(self, dialect: Any, args: Any, named: dict[str, Any]) -> None:
        self._dialect, self._args, self._named = dialect, args, {**named, **AT_MOST}
        self._lock, self.silent = threading.Lock(), False

    def answers(self) -> bool:
        """Ask on a connection of its own; a refusal, which comes at once, is an answer too: who asks is told of it without waiting."""
        began = time.monotonic()
        try:
            self._dialect.connect(*self._args, **self._named).close()
        except self._dialect.dbapi.Error:
            return not _waited(began)
        return True

    def refuse_when_silent(self) -> None:
        """Raise StoreError at once while the server is known not to answer."""
        if self.silent:
            raise no_answer()

    def limit(self, raw: Any, patience: float) -> threading.Timer:
        """Cut a connection when what it is asked takes longer than a while (seconds) and the server does not answer; `cancel` ends that."""
        timer = threading.Timer(patience, self._look, (raw, patience))
        timer.daemon = True
        timer.start()
        return timer

    def _look(self, raw: Any, patience: float) -> None:
        while threading.current_thread().finished.is_set() is False:  # type: ignore[attr-defined]
            if not self.answers():
                self.is_silent()
                _cut(raw)
                return
            time.sleep(patience)

    def is_silent(self) -> None:
        """Remember that the server does not answer, and find out when it does again."""
        with self._lock:
            if self.silent:
                return
            self.silent = True
        threading.Thread(target=self._until_it_answers, daemon=True).start()

    def _until_it_answers(self) -> None:
        while not self.answers():
            time.sleep(ASK_AGAIN)
        self.silent = False


def _waited(began: float) -> bool:
    """Whether nothing came for as long as a connection may take."""
    return time.monotonic() - began > 0.9 * PROBE


def _cut(raw: Any) -> None:
    """End a connection that somebody waits for: closing it would wait as well."""
    try:
        with socket.socket(fileno=os.dup(raw.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)
    except (OSError, ValueError):  # it has ended by itself
        pass


@lru_cache(maxsize=8)
def _watch(url: sa.URL) -> Watch:
    engine = sa.create_engine(url)
    args, named = engine.dialect.create_connect_args(url)
    return Watch(engine.dialect, args, dict(named))


def watch(engine: sa.Engine, patience: float) -> None:
    """Have an engine notice a server that is frozen, after `patience` (seconds) and one probe.

    In place of `pool_pre_ping`, which would wait for ever as well.
    """
    server, failed = _watch(engine.url), engine.dialect.dbapi.Error  # type: ignore[union-attr]

    def begin(info: dict[str, Any], raw: Any) -> None:
        end(info)
        info[_TIMER] = server.limit(raw, patience)

    def end(info: dict[str, Any]) -> None:
        if timer := info.pop(_TIMER, None):
            timer.cancel()

    @sa.event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, args: Any, named: Any) -> Any:
        server.refuse_when_silent()
        began = time.monotonic()
        try:
            return dialect.connect(*args, **named)
        except failed:
            if _waited(began):
                server.is_silent()
            raise

    @sa.event.listens_for(engine, "checkout")
    def checkout(raw: Any, record: Any, _proxy: Any) -> None:
        server.refuse_when_silent()
        begin(record.info, raw)
        try:
            engine.dialect.do_ping(raw)
        except failed as error:
            server.refuse_when_silent()
            raise sa.exc.DisconnectionError from error  # the pool makes another
        finally:
            end(record.info)

    @sa.event.listens_for(engine, "before_cursor_execute")
    def before(connection: sa.Connection, *_rest: Any) -> None:
        begin(connection.info, connection.connection.driver_connection)

    @sa.event.listens_for(engine, "after_cursor_execute")
    def after(connection: sa.Connection, *_rest: Any) -> None:
        end(connection.info)

    @sa.event.listens_for(engine, "handle_error")
    def error(context: sa.engine.ExceptionContext) -> None:
        if context.connection is not None and not context.connection.invalidated:
            end(context.connection.info)

    @sa.event.listens_for(engine, "reset")
    def reset(raw: Any, record: Any, _state: Any) -> None:
        begin(record.info, raw)

    @sa.event.listens_for(engine, "checkin")
    def checkin(_raw: Any, record: Any) -> None:
        end(record.info)
