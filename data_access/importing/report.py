"""What a file holds and what happened to each of its rows, as objects and as JSON with stable keys."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from data_access.contract.omissions import Omission
from data_access.importing import totals
from data_access.importing.headers import Column
from data_access.importing.mapping import Mapping, to_profile
from data_access.importing.missing_rows import MissingRows
from data_access.importing.places import Guess
from data_access.importing.problems import Problem, collapse, mask
from data_access.importing.reading import Sheet
from data_access.importing.rows import Excluded, Table


@dataclass
class Length:
    """What is known of a long table, whose rows are not held: all its rows, those with a record,
    and the sum of each column of baht (index -> sum)."""

    rows: int = 0
    records: int = 0
    sums: dict[int, float] = field(default_factory=dict)


@dataclass
class SheetReport:
    """One sheet. Every row of it is loaded, excluded or refused: `rows_read` is the sum of the three.

    In an `inspect` report `rows_loaded` counts the data rows, which a load would take. `sums` are of the values loaded, by period, beside
    those of `left_out`; None of few persons.
    """

    sheet: Sheet
    table: Table | None
    rows_loaded: int = 0
    excluded: list[Excluded] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    mapping: Mapping | None = None
    audit: dict[str, Any] = field(default_factory=dict)
    guesses: list[Guess] = field(default_factory=list)
    length: Length | None = None
    left_out: list[Omission] = field(default_factory=list)
    sums: dict[str, float | None] = field(default_factory=dict)
    remembered: dict[str, str] = field(default_factory=dict)
    periods: list[str] = field(default_factory=list)
    missing_rows: MissingRows | None = None

    @property
    def names(self) -> dict[str, str]:
        """The names of places that somebody answered, now or before, and the codes of their places."""
        return {guess.text: guess.code for guess in self.guesses if guess.code} | self.remembered

    @property
    def rows_read(self) -> int:
        """All rows of the sheet down to the last filled one."""
        return self.length.rows if self.length else self.sheet.rows

    @property
    def rows_refused(self) -> int:
        """How many rows were refused; of a long file only those with an error of their own are in `refused`."""
        return self.rows_read - self.rows_loaded - len(self.excluded) if self.length else len(self.refused)

    def account(self, ok: bool) -> None:
        """Put every row where it ended: loaded, excluded or refused."""
        assert self.table is not None
        outside = {e.row for e in self.excluded}
        bad = {p.row: p.code for p in self.problems if p.severity == "error" and p.row}
        if self.length:
            self.rows_loaded = self.length.records if ok else 0
            self.refused = {} if ok else bad
            return
        rows = [row.number for row in self.table.rows if row.number not in outside]
        self.rows_loaded = len(rows) if ok else 0
        self.refused = {} if ok else {row: bad.get(row, "load_refused") for row in rows}

    def headings(self) -> dict[int, str]:
        """Column index -> heading, made unique with the letter where two are the same."""
        columns = self.table.columns if self.table else []
        names = [c.heading or c.letter for c in columns]
        return {c.index: n if names.count(n) == 1 else f"{n} [{c.letter}]" for c, n in zip(columns, names, strict=True)}

    def stated_totals(self) -> dict[str, float]:
        """Heading -> total that the sheet states."""
        stated = totals.stated_totals(self.table) if self.table and not self.sheet.stream else {}
        return {self.headings()[i]: value for i, (_, value) in stated.items() if i in self.headings()}

    def computed_totals(self) -> dict[str, float]:
        """Heading -> sum of the data rows; of a long file that was only looked at, nothing."""
        if self.sheet.stream:
            computed = self.length.sums if self.length else {}
        else:
            computed = totals.computed_totals(self.table) if self.table else {}
        return {self.headings()[i]: value for i, value in computed.items()}

    def to_json(self, lang: str = "th") -> dict[str, Any]:
        """Stable keys, documented in `docs/importing.md`."""
        counts: dict[str, int] = {}
        for row in self.excluded:
            counts[row.reason] = counts.get(row.reason, 0) + 1
        return {
            "sheet": self.sheet.name,
            "encoding": self.sheet.encoding,
            "hidden": self.sheet.hidden,
            "rows_read": self.rows_read,
            "rows_loaded": self.rows_loaded,
            "rows_excluded": [e.to_json() for e in sorted(self.excluded, key=lambda e: e.row)],
            "excluded_counts": counts,
            "left_out": [asdict(o) for o in self.left_out],
            "loaded_sums": self.sums,
            "missing_rows": self.missing_rows.to_json() if self.missing_rows else None,
            "refused_count": self.rows_refused,
            "rows_refused": [{"row": row, "reason": reason} for row, reason in sorted(self.refused.items())],
            "titles": [{"row": row + 1, "text": mask(text)} for row, text in (self.table.header.titles if self.table else [])],
            "columns": [self._column(c) for c in (self.table.columns if self.table else [])],
            "filled_cells": dict(self.table.filled_cells) if self.table else {},
            "stated_totals": self.stated_totals(),
            "computed_totals": self.computed_totals(),
            "places": self.audit,
            "guesses": [g.to_json() for g in self.guesses],
            "problems": [p.to_json(lang) for p in collapse(self.problems)],
        }

    def _column(self, column: Column) -> dict[str, Any]:
        found = {
            "letter": column.letter,
            "header": column.heading,
            "unit": column.unit,
            "factor": column.factor,
            "field": None,
            "score": None,
            "how": None,
            "use": "not_loaded",
        }
        if self.mapping is None:
            return {**found, "use": None}
        for name, source in self.mapping.columns.items():
            if source.index == column.index:
                found |= {"field": name, "score": source.score, "how": source.how, "use": "loaded"}
        return found | self._special_use(column)

    def _special_use(self, column: Column) -> dict[str, Any]:
        mapping, index = self.mapping, column.index
        assert mapping is not None
        if mapping.unpivot and index in mapping.unpivot[1]:
            period = next((f", period={p}" for p, (codes, _) in mapping.blocks.items() if index in codes), "")
            return {
                "field": mapping.value,
                "use": "unpivoted",
                "how": f"{mapping.unpivot[0]}={mapping.unpivot[1][index]}{period}",
            }
        if index in mapping.sum_parts:
            return {"field": mapping.value, "use": "summed"}
        if index == mapping.total or index in mapping.group_totals or index in {t for _, t in mapping.blocks.values()}:
            return {"use": "checked"}
        return {"use": "filter", "how": mapping.where[index].words(column.heading, "en")} if index in mapping.where else {}


@dataclass
class FileReport:
    """What `inspect` found in a file."""

    file: str
    sheets: list[SheetReport]
    suggested_kinds: list[dict[str, Any]] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        """The tables of the sheets that have one."""
        return [sheet.table for sheet in self.sheets if sheet.table]

    @property
    def problems(self) -> list[Problem]:
        """The problems of every sheet."""
        return [p for sheet in self.sheets for p in sheet.problems]

    def to_json(self, lang: str = "th") -> dict[str, Any]:
        """Stable keys, documented in `docs/importing.md`."""
        return {"file": self.file, "suggested_kinds": self.suggested_kinds, "sheets": [s.to_json(lang) for s in self.sheets]}


@dataclass
class LoadReport:
    """What `load` did. `ok` is False when the input was refused; then nothing of it was written."""

    file: str
    kind: str
    table: str
    ok: bool
    dry_run: bool
    sheets: list[SheetReport]
    other_sheets: list[dict[str, Any]] = field(default_factory=list)
    rows_written: dict[str, int] = field(default_factory=dict)
    accepted_warnings: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> list[Problem]:
        """The problems of the sheets that were loaded."""
        return [p for sheet in self.sheets for p in sheet.problems]

    @property
    def profile(self) -> dict[str, Any]:
        """The mapping as it was used, ready for `mapping.save_profile`."""
        sheet = self.sheets[0]
        return to_profile(sheet.table, sheet.mapping) if sheet.table and sheet.mapping else {}

    def to_json(self, lang: str = "th") -> dict[str, Any]:
        """Stable keys, documented in `docs/importing.md`."""
        return {
            "file": self.file,
            "kind": self.kind,
            "table": self.table,
            "ok": self.ok,
            "status": "loaded" if self.ok and not self.dry_run else "would_load" if self.ok else "refused",
            "dry_run": self.dry_run,
            "rows_written": self.rows_written,
            "mapping": self.profile,
            "other_sheets": self.other_sheets,
            "accepted_warnings": self.accepted_warnings,
            "errors": sum(p.severity == "error" for p in self.problems),
            "warnings": sum(p.severity == "warning" for p in self.problems),
            "problems": [p.to_json(lang) for p in collapse(self.problems)],
            "sheets": [s.to_json(lang) for s in self.sheets],
        }
