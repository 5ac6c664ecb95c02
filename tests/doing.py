"""What a reader does in a block, for tests: what the browser would send is heard as on a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ui.blocks import blocks
from ui.view import events
from ui.view.events import Act, act, offer

HEARD: list[Any] = []


@act
def note(value: Any) -> None:
    """Note what is heard."""
    HEARD.append(value)


def noting() -> Act:
    """An act that notes what it hears in `HEARD`, which is empty from now on."""
    HEARD.clear()
    return offer(note)


def does(draw: Callable[[], Any]) -> Callable[[Any], None]:
    """What a browser does by sending something, after `draw` has put blocks."""
    with blocks.collected() as found:
        draw()
    sent = found.done()
    return lambda did: events.hear(did, sent.body, sent.acts, sent.files)


def sends(draw: Callable[[], Any], event: str) -> Callable[[Any], None]:
    """The same for an event of the first block that `draw` puts: what is called with the value alone."""
    with blocks.collected() as found:
        draw()
    key = json.loads(found.done().body)[0].get("key", "")
    do = does(draw)
    return lambda value: do([key, event, value])
