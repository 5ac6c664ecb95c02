"""Problems of an input: where, what was found, what was expected, how to mend it, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from data_access.contract.errors import SamoephakError
from data_access.contract.national_ids import masked
from data_access.contract.periods import parse_period
from data_access.importing.limits import LIMITS
from i18n import N_, gettext

EXAMPLES = 3
"""Places that are named where one problem speaks for several."""
Severity = Literal["error", "warning", "note"]


class ImportRefused(SamoephakError):
    """The input cannot be read at all: too large, damaged, protected, or of an unknown kind."""


def damaged(name: str) -> ImportRefused:
    """What is said of a file that its format's reader cannot open."""
    return ImportRefused(N_("{name} is damaged and cannot be opened; ask for it to be sent again"), name=name)


def too_much_text(name: str) -> ImportRefused:
    """What is said of a file whose cells share texts, so that they take far more than the file."""
    return ImportRefused(N_("The cells of {name} hold more text than can be held; it was not opened"), name=name)


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
    others: tuple[Problem, ...] = ()
    """Warnings or notes of the same cause that this one speaks for (`grouped`)."""

    def accepted(self) -> Problem:
        """A guess that the reader has taken as right."""
        return replace(self, severity="warning", code="place_guess_accepted")

    def message(self, lang: str = "th") -> str:
        """What is wrong, in Thai or English; of several with one cause how many there are, and where the first ones stand."""
        said = gettext(self.msgid, lang, **self._localised(lang))
        if not self.others:
            return said
        where = list(dict.fromkeys(other._where(lang) for other in self.others))
        where = [*where[:EXAMPLES], "…"] if len(where) > EXAMPLES else where
        return f"{said} · {gettext(N_('{n} more of this kind: {where}'), lang, n=len(self.others), where=', '.join(where))}"

    def how_to_mend(self, lang: str = "th") -> str:
        """What to do about it, in Thai or English."""
        return gettext(self.remedy, lang, **self._localised(lang))

    def expected_in(self, lang: str = "th") -> str:
        """What was expected, in Thai or English."""
        return self.wanted.message(lang) if self.wanted else self.expected

    def _where(self, lang: str) -> str:
        """Where it stands, in the fewest words."""
        if self.row is not None:
            return gettext(N_("row {row}"), lang, row=self.row)
        return str(self._localised(lang).get("period") or self.header or self.found or self.sheet)

    def _localised(self, lang: str) -> dict[str, Any]:
        """The parameters: of a pair like `place_th`, `place_en` the one of the language becomes `place`; periods are said in words."""
        pairs = {k.removesuffix(f"_{lang}"): v for k, v in self.params.items() if k.endswith(f"_{lang}")}
        pairs |= {k: _period(str(v), lang) for k, v in self.params.items() if k in ("period", "semester")}
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


def _period(code: str, lang: str) -> str:
    """A period in words; what is no code of one as it is."""
    try:
        return parse_period(code).label(lang)
    except (SamoephakError, ValueError):
        return code


def mask(value: object) -> str:
    """The text of a cell as reports show it: any 13 digits that stand by themselves are hidden, for a mistyped ID is nearly one."""
    text = "" if value is None else str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return masked(" / ".join(text.splitlines()), every=True)[:200]


def grouped(problems: Iterable[Problem]) -> list[Problem]:
    """Problems for people: warnings and notes of one code and sheet are one, which says how many there are; every error stands for itself."""
    first: dict[tuple[str, str, str], Problem] = {}
    out: list[Problem | tuple[str, str, str]] = []
    others: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in collapse(problems):
        key = (problem.code, problem.sheet, problem.msgid)
        if problem.severity == "error":
            out.append(problem)
        elif key in first:
            others[key].append(problem)
        else:
            first[key], others[key] = problem, []
            out.append(key)
    return [found if isinstance(found, Problem) else replace(first[found], others=tuple(others[found])) for found in out]


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
