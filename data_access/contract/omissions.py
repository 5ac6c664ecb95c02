"""Rows of a file that somebody left out, and why, as drafts and releases keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data_access.contract.national_ids import masked
from data_access.contract.periods import parse_period
from i18n import N_, format_number, gettext

IS, CONTAINS, ROWS = "is", "contains", "rows"
_WORDS = {IS: N_("{column} is {texts}"), CONTAINS: N_("{column} contains {texts}"), ROWS: N_("rows {texts}")}


@dataclass(frozen=True)
class Omission:
    """A rule of rows that were left out.

    Attributes:
        column: its heading; empty where rows were named by their numbers.
        rows: how many; None of few rows of persons.
        sums: period -> sum of their values, of what can be added up; None of few persons.
    """

    column: str
    how: str
    texts: tuple[str, ...]
    reason: str
    rows: float | None
    sums: dict[str, float | None] = field(default_factory=dict, hash=False)

    def words(self, lang: str) -> str:
        """The rule in words."""
        return rule_words(self.column, self.how, self.texts, lang)

    def told(self, lang: str) -> str:
        """What was left out and why, in one sentence."""
        rows = gettext(N_("few"), lang) if self.rows is None else format_number(self.rows, lang)
        words = N_("Left out: {rows} rows ({rule}), because: {reason}")
        return gettext(words, lang, rows=rows, rule=self.words(lang), reason=self.reason)

    def told_sums(self, lang: str, loaded: Mapping[str, float | None]) -> list[str]:
        """The sums of what was left out, by period, each beside the sum that is loaded."""

        def words(number: float | None) -> str:
            return gettext(N_("few"), lang) if number is None else format_number(number, lang)

        text = N_("{period}: {sum} left out beside {loaded} loaded")
        return [
            gettext(text, lang, period=parse_period(p).label(lang) if p else "", sum=words(n), loaded=words(loaded.get(p, 0.0)))
            for p, n in self.sums.items()
        ]


def omission(kept: dict[str, Any]) -> Omission:
    """One as the log of a draft keeps it (`asdict`)."""
    return Omission(**{**kept, "texts": tuple(kept["texts"])})


def rule_words(column: str, how: str, texts: Sequence[str], lang: str) -> str:
    """A rule on rows in words: สังกัด contains “สศศ.”."""
    said = ", ".join(texts) if how == ROWS else gettext(N_(" or "), lang).join(f"“{masked(t)}”" for t in texts)
    return gettext(_WORDS[how], lang, column=column, texts=said)
