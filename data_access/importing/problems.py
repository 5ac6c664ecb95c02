"""Problems of an input: where, what was found, what was expected, how to mend it, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from data_access.errors import SamoephakError
from data_access.importing.limits import LIMITS
from data_access.national_ids import masked
from i18n import N_, gettext

Severity = Literal["error", "warning", "note"]


class ImportRefused(SamoephakError):
    """The input cannot be read at all: too large, damaged, protected, or of an unknown kind."""


@dataclass(frozen=True)
class Problem:
    """One finding. `row` is 1-based as in the file; `column` is the letter; `found` is already masked.

    `wanted` says what was expected where that is a sentence. `msgid` and `remedy` are English format strings with the
    same `params`, rendered by `message` and `how_to_mend`; of `place_th`, `place_en` the reader's becomes `place`.
    """

    severity: Severity
    code: str
    msgid: str
    remedy: str
    params: dict[str, Any] = field(default_factory=dict)
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    header: str = ""
    found: str = ""
    expected: str = ""
    wanted: SamoephakError | None = None

    def accepted(self) -> Problem:
        """A guess that the reader has taken as right."""
        return replace(self, severity="warning", code="place_guess_accepted")

    def message(self, lang: str = "th") -> str:
        """What is wrong, in Thai or English."""
        return gettext(self.msgid, lang, **self._localised(lang))

    def how_to_mend(self, lang: str = "th") -> str:
        """What to do about it, in Thai or English."""
        return gettext(self.remedy, lang, **self._localised(lang))

    def expected_in(self, lang: str = "th") -> str:
        """What was expected, in Thai or English."""
        return self.wanted.message(lang) if self.wanted else self.expected

    def _localised(self, lang: str) -> dict[str, Any]:
        """The parameters: of a pair like `place_th`, `place_en` the one of the language becomes `place`."""
        pairs = {k.removesuffix(f"_{lang}"): v for k, v in self.params.items() if k.endswith(f"_{lang}")}
        return {**self.params, **pairs, **({"expected": self.wanted.message(lang)} if self.wanted else {})}

    def to_json(self, lang: str = "th") -> dict[str, Any]:
        """The problem with stable keys; `message` and `remedy` in the language asked for."""
        return {
            "severity": self.severity,
            "code": self.code,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "header": self.header,
            "found": self.found,
            "expected": self.expected_in(lang),
            "message": self.message(lang),
            "remedy": self.how_to_mend(lang),
        }


def mask(value: object) -> str:
    """The text of a cell as reports show it: any 13 digits that stand by themselves are hidden, for a mistyped ID is nearly one."""
    text = "" if value is None else str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return masked(" / ".join(text.splitlines()), every=True)[:200]


def collapse(problems: Iterable[Problem]) -> list[Problem]:
    """At most `LIMITS.same_problem` of one code and column; the rest are counted in one more problem, never lost."""
    seen: Counter[tuple[str, str, str]] = Counter()
    kept: list[Problem] = []
    first: dict[tuple[str, str, str], Problem] = {}
    for problem in problems:
        key = (problem.code, problem.sheet, problem.column)
        seen[key] += 1
        first.setdefault(key, problem)
        if seen[key] <= LIMITS.same_problem:
            kept.append(problem)
    for key, count in seen.items():
        if count > LIMITS.same_problem:
            p = first[key]
            kept.append(
                Problem(
                    p.severity,
                    f"{p.code}_more",
                    N_("{n} more problems of the same kind in this column"),
                    N_("Mend the ones listed and load the file again"),
                    {"n": count - LIMITS.same_problem},
                    file=p.file,
                    sheet=p.sheet,
                    column=p.column,
                    header=p.header,
                )
            )
    return kept
