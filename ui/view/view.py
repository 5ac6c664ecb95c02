"""The view: everything that a page may depend on. While a page is drawn it is at hand here, and nothing of the session is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from charts.style import Style
from data_access.store.releases import Release
from data_access.who.access import Person

T = TypeVar("T")


@dataclass(frozen=True)
class View:
    """What a page is a function of.

    Attributes:
        page: its file stem.
        parts: what the address says (`ui.view.address.PATTERNS`), the language too.
        kept: what the reader has chosen or opened that is in no address, by the key of its block.
        asked: the dialog that the reader has asked for, which is opened after the page.
    """

    page: str
    release: Release
    style: Style
    who: Person
    parts: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""

    def on(self, page: str, follows: tuple[str, ...]) -> View:
        """The same view on another page, as a link would lead there: with the parts that follow a reader."""
        return replace(self, page=page, parts={k: v for k, v in self.parts.items() if k in follows})

    def having(self, changes: Mapping[str, str]) -> View:
        """The view with some parts changed."""
        return replace(self, parts={**self.parts, **changes})


_AT_HAND: ContextVar[View | None] = ContextVar("view", default=None)


def at_hand() -> View | None:
    """The view that a page is being drawn for; None outside of that, where the session says who is there and what they see."""
    return _AT_HAND.get()


def drawing(view: View) -> AbstractContextManager[View]:
    """While a page is drawn for a view."""
    return held(_AT_HAND, view)


@contextmanager
def held(variable: ContextVar[Any], value: T) -> Iterator[T]:
    """A variable of the context has a value meanwhile."""
    token = variable.set(value)
    try:
        yield value
    finally:
        variable.reset(token)


# ---- views that come next ---------------------------------------------------------------------------------------------------
_NEXT: ContextVar[list[dict[str, str]] | None] = ContextVar("next views", default=None)


def note_next(changes: Iterable[dict[str, str]]) -> None:
    """Note what changes the view at hand to those that a reader may step to next, so that they can be drawn while nobody waits."""
    if (found := _NEXT.get()) is not None:
        found.extend(changes)


def next_noted() -> AbstractContextManager[list[dict[str, str]]]:
    """What is noted meanwhile."""
    return held(_NEXT, [])
