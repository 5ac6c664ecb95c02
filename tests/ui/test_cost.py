"""What a change of a filter costs in things that do not depend on the machine: elements, bytes, questions to the database.

The ceilings stand a little above what the pages need now (`python -m tests.ui.test_cost` prints it): one that is reached says that a page
has grown, not by how much a machine is slow.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
import sqlalchemy as sa
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

from ui.view import cache

ROOT = Path(__file__).parents[2]
PERIODS = ("2567-1", "2567-2")
# page -> elements and kilobytes of a whole run; statements for a period that was not shown before, and for one that was
CEILINGS = {
    "overview": (25, 34, 4, 0),
    "grants": (18, 50, 4, 0),
    "schools": (25, 62, 4, 0),
    "early_childhood": (25, 42, 4, 0),
    "learning_loss": (18, 68, 4, 0),
    "out_of_school": (18, 43, 4, 0),
    "province": (18, 34, 8, 0),
}


@contextmanager
def sent() -> Iterator[list[ForwardMsg]]:
    """Every message of a delta that is queued for the browser meanwhile."""
    found: list[ForwardMsg] = []
    real = ForwardMsgQueue.enqueue

    def listen(self: ForwardMsgQueue, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "delta":
            found.append(message)
        real(self, message)

    with mock.patch.object(ForwardMsgQueue, "enqueue", listen):
        yield found


@contextmanager
def asked() -> Iterator[list[str]]:
    """Every statement that reaches a database meanwhile."""
    found: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "SELECT 1":  # whether the database answers, asked every few seconds whatever is shown
            found.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", listen)
    try:
        yield found
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", listen)


def costs(page: str) -> tuple[int, float, int, int]:
    """Elements and kilobytes of a run; statements for a period never shown before and for one shown before."""
    cache.forget()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params.update(lang="th", period=PERIODS[0], province="40" if page == "province" else "")
    app.run()
    if page != "overview":
        app.switch_page(f"pages/{page}.py").run()
    app.query_params["period"] = PERIODS[1]
    with asked() as first:
        app.run()
    app.query_params["period"] = PERIODS[0]
    with sent() as messages, asked() as again:
        app.run()
    assert not app.exception
    return len(messages), sum(m.ByteSize() for m in messages) / 1000, len(first), len(again)


@pytest.mark.usefixtures("on_demo")
@pytest.mark.parametrize("page", CEILINGS)
def test_a_page_stays_below_its_ceilings(page: str) -> None:
    elements, kilobytes, first, again = costs(page)
    most_elements, most_kilobytes, most_first, most_again = CEILINGS[page]
    assert elements <= most_elements
    assert kilobytes <= most_kilobytes
    assert first <= most_first
    assert again <= most_again


if __name__ == "__main__":
    os.environ.setdefault("SAMOEPHAK_HOME", os.environ["SAMOEPHAK_TEST_HOME"])
    for name in CEILINGS:
        print(name, costs(name))
