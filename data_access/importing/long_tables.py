"""A long table checked as a whole: its rows staged, and what only all of them together show."""

from __future__ import annotations

import pandas as pd

from data_access.contract import schema
from data_access.importing.limits import LIMITS
from data_access.importing.mapping import Mapping, table_of
from data_access.importing.problems import Problem
from data_access.importing.records import Builder, Records
from data_access.importing.report import Length, SheetReport
from data_access.importing.streaming import Progress, RowStream
from data_access.importing.validation import Checker
from data_access.publishing.staging import Staged
from data_access.store.engines import SOURCE_ROW
from i18n import N_


def is_plain(mapping: Mapping) -> bool:
    """Whether each row of a file is one record: nothing unpivoted, summed, selected or looked up by name."""
    spread = mapping.unpivot or mapping.sum_parts or mapping.blocks or mapping.where or mapping.left_out or mapping.aggregate
    return not spread and table_of(mapping.kind) not in ("centre", "centre_semester", "reported_value")


class LongTable:
    """One load of a long table into a staging table."""

    def __init__(self, builder: Builder, rows: Staged, report: SheetReport, progress: Progress | None) -> None:
        assert report.sheet.stream is not None
        self.builder, self.rows, self.report = builder, rows, report
        self.stream = RowStream(report.sheet.stream, builder, progress)
        self.contract = schema.TABLES[builder.target]

    def stage(self, accept_guesses: bool) -> list[Problem]:
        """Read the file through; the problems found. The report gets the rows left out and the length of the file."""
        self.builder.prepare()
        if known := [*self.builder.built.problems, *self._wrong_constants()]:
            return known
        self.rows.add(self.stream.reader())
        self.report.excluded += self.stream.take_odd()
        odd = self.builder.built.records[self.builder.target]
        found = [p.accepted() if accept_guesses and p.code == "place_guess" else p for p in self.builder.built.problems]
        found += self._checker(odd).check()
        if self.stream.full:
            found.append(self._too_many())
        if not any(p.severity == "error" for p in found):
            self.rows.add(self.stream.of_records(odd))
            found += [*self._repeated(), *self._over_rates()]
        self.report.length = Length(self.stream.last_row, self.rows.count(), self._sums())
        return found

    def _wrong_constants(self) -> list[Problem]:
        """What is wrong with the values that all rows share, said once."""
        shared = Records(self.contract.name)
        shared.add(dict(self.builder.constants), self.builder.table.header.first + 1, {})
        return [p for p in self._checker(shared).check() if p.header in self.builder.constants]

    def _checker(self, records: Records) -> Checker:
        return Checker(records, self.builder.table, self.builder.file, self.builder.read, self.builder.built.missing)

    def _repeated(self) -> list[Problem]:
        keys = [c.name for c in self.contract.primary_key.columns]
        return self._checker(self._records(self.rows.repeated(keys, LIMITS.same_problem))).duplicates()

    def _over_rates(self) -> list[Problem]:
        """Each amount of a semester above the rate in force, once, with the first row that has it."""
        if self.contract.name != "pupil_grant":
            return []
        found = [self.rows.combinations(["semester", column]) for column in ("basic_baht", "equity_baht")]
        return [p for frame in found for p in self._checker(self._records(frame)).rates()]

    def _records(self, frame: pd.DataFrame) -> Records:
        """Staged rows as records that know their row of the file."""
        columns = {name: source.index for name, source in self.builder.mapping.columns.items()}
        records = Records(self.contract.name)
        for item in frame.astype(object).where(frame.notna(), None).to_dict("records"):
            records.add({str(k): v for k, v in item.items() if k != SOURCE_ROW}, int(item[SOURCE_ROW]), columns)
        return records

    def _sums(self) -> dict[int, float]:
        """Index of a column of amounts -> their sum in the unit of the contract."""
        amounts = {n: s.index for n, s in self.builder.mapping.columns.items() if self.builder.fields[n].info.unit == "baht"}
        return {amounts[name]: total for name, total in self.rows.sums(list(amounts)).items()} if amounts else {}

    def _too_many(self) -> Problem:
        return Problem(
            "error",
            "too_many_odd_rows",
            N_("More than {n} rows cannot be read as records; reading stopped at row {row}"),
            N_("Look at the first of them: a wrong mapping or separator spoils every row"),
            {"n": LIMITS.odd_rows, "row": self.stream.last_row},
            self.builder.file,
            self.report.sheet.name,
        )
