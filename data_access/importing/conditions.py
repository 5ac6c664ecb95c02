"""Which rows of a file are meant: those with certain words in a column, or those of certain numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data_access.contract.errors import UsageError
from data_access.contract.national_ids import masked
from data_access.contract.omissions import CONTAINS, IS, ROWS, Omission, rule_words
from data_access.importing import values
from i18n import N_

_HOW = {"is one of": IS, "contains": CONTAINS, "is": IS}
_RULE = re.compile(rf"(?P<column>.+?)\s+(?P<how>{'|'.join(_HOW)})\s+(?P<texts>.+)", re.S)
_ROWS = re.compile(r"rows?\s+(?P<rows>\d+(?:\s*-\s*\d+)?(?:\s*,\s*\d+(?:\s*-\s*\d+)?)*)\s*")
BETWEEN = "|"
MOST_ROWS = 1_000_000
FEWEST_ALIKE, ALIKE, LONGEST_PART, LOOKED_AT = 3, 0.8, 24, 5


@dataclass(frozen=True)
class Condition:
    """What a cell must be, or contain: one of the texts. Spaces, letter case and Thai digits make no difference."""

    how: str
    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        if not all(values.squash(text) for text in self.texts) or not self.texts:
            raise UsageError(N_("A rule on rows needs a text to look for"))

    def fits(self, cell: Any) -> bool:
        """Whether a cell is as wanted."""
        found = values.squash(values.text(cell) or "")
        wanted = (values.squash(text) for text in self.texts)
        return any(text in found for text in wanted) if self.how == CONTAINS else found in wanted

    def words(self, column: str, lang: str) -> str:
        """The condition in words: สังกัด contains “สศศ.”."""
        return rule_words(column, self.how, self.texts, lang)

    def to_profile(self) -> str | list[str]:
        """As a profile keeps it: one text that a cell must be as that text alone."""
        return self.texts[0] if self.how == IS and len(self.texts) == 1 else [self.how, *self.texts]

    @classmethod
    def from_profile(cls, kept: str | list[str]) -> Condition:
        """A condition as a profile keeps it."""
        return cls(IS, (kept,)) if isinstance(kept, str) else cls(kept[0], tuple(kept[1:]))


@dataclass(frozen=True)
class LeaveOut:
    """Rows that somebody leaves out, and why: those whose cell in a column fits, or those of certain numbers.

    Attributes:
        column: a heading or a letter; of a mapping always a letter; empty with `rows`.
        rows: numbers as in the file. They mean nothing in another file, so no profile keeps them.
    """

    reason: str
    column: str = ""
    condition: Condition | None = None
    rows: tuple[int, ...] = ()

    def words(self, heading: str, lang: str) -> str:
        """The rule in words."""
        return self.condition.words(heading, lang) if self.condition else rule_words("", ROWS, [spans(self.rows)], lang)

    def omission(self, heading: str, rows: float | None, sums: dict[str, float | None]) -> Omission:
        """What the rule has left out, without national IDs."""
        how, texts = (self.condition.how, self.condition.texts) if self.condition else (ROWS, (spans(self.rows),))
        return Omission(heading, how, tuple(map(masked, texts)), masked(self.reason), rows, sums)


def spans(rows: Sequence[int]) -> str:
    """Numbers of rows, those that follow each other as one span: 12, 15-20."""
    out: list[list[int]] = []
    for row in sorted(set(rows)):
        if out and out[-1][-1] == row - 1:
            out[-1][1:] = [row]
        else:
            out.append([row])
    return ", ".join("-".join(map(str, span)) for span in out)


def row_numbers(text: str) -> tuple[int, ...]:
    """Numbers of rows as somebody writes them (12, 15-20); UsageError when they are none."""
    match = _ROWS.fullmatch(f"rows {text.translate(values.THAI_DIGITS).replace('–', '-').strip()} ")
    if not match:
        raise UsageError(N_("{text} are no numbers of rows; write them like 12, 15-20"), text=text)
    found: list[int] = []
    for part in match["rows"].split(","):
        first, _dash, last = part.partition("-")
        if int(last or first) - int(first) > MOST_ROWS:
            raise UsageError(N_("{text} are no numbers of rows; write them like 12, 15-20"), text=text)
        found += range(int(first), int(last or first) + 1)
    return tuple(dict.fromkeys(found))


def condition_of(name: str, text: str) -> tuple[str, Condition]:
    """The column and the condition of a selection: `HEADING`, `HEADING contains` or `HEADING is one of`, and the text or texts (a|b)."""
    for words, how in _HOW.items():
        if name.endswith(f" {words}"):
            several = words != "is"
            return name.removesuffix(f" {words}").strip(), Condition(how, _texts(text) if several else (text.strip(),))
    return name, Condition(IS, (text,))


def rule_of(text: str, reason: str) -> LeaveOut:
    """`HEADING contains TEXT`, `HEADING is TEXT`, `HEADING is one of A|B` or `rows 12, 15-20` as a rule; UsageError without a reason."""
    if not reason.strip():
        raise UsageError(N_("Rows are left out with a reason; say why: {rule}"), rule=text)
    if _ROWS.fullmatch(text.strip() + " "):
        return LeaveOut(reason.strip(), rows=row_numbers(text.strip().partition(" ")[2]))
    match = _RULE.fullmatch(text.strip())
    if not match:
        raise UsageError(
            N_(
                "{rule} is no rule on rows; write HEADING contains TEXT, HEADING is TEXT, HEADING is one of A|B, or rows 12, 15-20"
            ),
            rule=text,
        )
    texts = (match["texts"],) if match["how"] == "is" else _texts(match["texts"])
    return LeaveOut(reason.strip(), match["column"], Condition(_HOW[match["how"]], texts))


def _texts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(BETWEEN) if part.strip())


def common_part(names: Sequence[str], others: Sequence[str]) -> str:
    """The longest words that most of some names share and no other has; empty of fewer than three names, or when there are none."""
    wanted = [" ".join(name.split()) for name in dict.fromkeys(names)]
    if len(wanted) < FEWEST_ALIKE:
        return ""
    within, against = [values.squash(name) for name in wanted], [values.squash(other) for other in others]
    parts = {
        name[i:j].strip()
        for name in wanted[:LOOKED_AT]
        for i in range(len(name))
        if unicodedata.category(name[i]) != "Mn"
        for j in range(i + 2, min(len(name), i + LONGEST_PART) + 1)
        if j == len(name) or unicodedata.category(name[j]) != "Mn"
    }
    for part in sorted(parts, key=lambda p: (-len(p), p)):
        squashed = values.squash(part)
        if len(squashed) < 2 or squashed.isdigit() or sum(squashed in name for name in within) < ALIKE * len(within):
            continue
        if not any(squashed in other for other in against):
            return part
    return ""
