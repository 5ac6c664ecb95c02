"""Where stories lie, and what can be told of one without reading its numbers: the head of every page names the story that a reader fills."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from data_access.contract.errors import UsageError
from data_access.saved.json_store import Author, Shelf
from data_access.who.access import PRESENTER, Person

SHELF = Shelf("stories", most=200, largest=20_000_000, role=PRESENTER)
MOST_SLIDES = 40


class Outline(NamedTuple):
    """The release that a story is frozen on (empty before its first slide), and how many slides it has."""

    release: str
    slides: int


def outline(story_id: str) -> Outline | None:
    """What is told of a story without its numbers; None when it is gone or damaged."""
    try:
        path = SHELF.path(story_id)
        seen = path.stat()
    except (OSError, UsageError):
        return None
    return _outline(str(path), seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=256)
def _outline(path: str, _changed: int, _size: int) -> Outline | None:
    try:
        content = json.loads(SHELF.read(Path(path).stem))
        return Outline(str(content["release"]), len(content["slides"]))
    except (UsageError, ValueError, KeyError, TypeError):
        return None


def of_author(person: Person) -> list[str]:
    """The ids of the stories that a person began, the latest changed first."""
    who = Author.of(person).who
    mine = [i for i in SHELF.ids() if SHELF.author(i).who == who]
    return sorted(mine, key=lambda i: SHELF.path(i).stat().st_mtime_ns, reverse=True)


def filled(person: Person, opened: str, release: str) -> str | None:
    """The story that a person's views are added to: the one they have opened, else the one they began last that shows this release and has room."""
    if outline(opened):
        return opened
    begun = ((i, outline(i)) for i in of_author(person))
    return next((i for i, found in begun if found and found.release in ("", release) and found.slides < MOST_SLIDES), None)
