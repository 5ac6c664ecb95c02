"""Looking messages up: English is the message id itself, Thai comes from the catalogue, read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("th", "en")
CATALOGUE = Path(__file__).parent.parent / "assets" / "locales" / "th" / "LC_MESSAGES" / "samoephak.po"


def N_(msgid: str) -> str:
    """Mark a message for translation without translating it yet."""
    return msgid


def read_catalogue() -> Catalog:
    """The Thai catalogue as Babel reads it, fuzzy and obsolete entries included."""
    with CATALOGUE.open("rb") as handle:
        return read_po(handle, locale="th", domain="samoephak")


_learnt: dict[str, str] = {}


def teach(thai: Mapping[str, str]) -> None:
    """Take in the Thai words of what is not of the house; they never replace its own."""
    _learnt.update(thai)


@lru_cache(maxsize=1)
def _thai() -> dict[str, str]:
    if not CATALOGUE.is_file():
        return {}
    found = (m for m in read_catalogue() if isinstance(m.id, str) and m.id and m.string and not m.fuzzy)
    return {str(m.id): str(m.string) for m in found}


def gettext(msgid: str, lang: str = "th", **params: Any) -> str:
    """A message in the reader's language with its parameters filled in; the English one where Thai is missing."""
    text = (_thai().get(msgid) or _learnt.get(msgid, msgid)) if lang == "th" else msgid
    return text.format(**params) if params else text


def ngettext(one: str, many: str, n: float, /, lang: str = "th", **params: Any) -> str:
    """`one` for exactly 1 in English, else `many`; Thai has one form, kept under `many`."""
    return gettext(one if lang == "en" and n == 1 else many, lang, **params)


def translator(lang: str) -> Callable[..., str]:
    """A `_` bound to one language, for a page that translates many messages."""

    def translate(msgid: str, **params: Any) -> str:
        return gettext(msgid, lang, **params)

    return translate
