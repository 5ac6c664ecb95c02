"""A table too long to hold: read, checked and written a block at a time, whole or not at all.

Each distinct text of a column is converted and checked once, by the rules of a sheet's cells. A row that any of them does not
suit is *odd*: it is kept aside and goes the way of an ordinary sheet's rows, so that what is said of it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from data_access.contract import schema
from data_access.importing import identifiers, validation, values
from data_access.importing.limits import LIMITS
from data_access.importing.problems import Problem
from data_access.importing.reading import tidy_cell
from data_access.importing.records import Builder, Records
from data_access.importing.rows import Excluded, Row, sorter
from data_access.importing.streams import Misshapen, Stream, read_ahead
from data_access.store.engines import SOURCE_ROW, arrow_type
from i18n import N_

Progress = Callable[[int, int], None]
KEPT_TEXTS = 500_000
_ODD = object()
_KEY = r"^[0-9a-f]{16,32}$"
_ID = r"^[1-8][0-9]{12}$"
WIDE = N_("The row has {n} cells more than there are headings")


@dataclass
class _Texts:
    """What the distinct texts of one column are: a place in `found` by text; None there where the text is odd or blank."""

    name: str
    index: dict[str, int] = field(default_factory=dict)
    found: list[Any] = field(default_factory=list)
    odd: set[int] = field(default_factory=set)


class RowStream:
    """The rows of a long table as batches of records with the row of the file that each came from."""

    def __init__(self, stream: Stream, builder: Builder, progress: Progress | None) -> None:
        self.stream, self.builder, self.progress = stream, builder, progress or (lambda done, total: None)
        self.contract = schema.TABLES[builder.target]
        self.rows, self.last_plain, self.full = 0, 0, False
        self.odd: list[Row] = []
        self.blank: list[int] = []
        self._misshapen: Misshapen = []
        self._known = {c.name: self._references(c) for c in self.contract.columns if c.info["ref"]}
        self._checks = validation.contract_model(builder.target).columns
        self._persons = [n for n in builder.in_order() if builder.fields[n].info.person]
        self._texts = [_Texts(n) for n in builder.in_order() if n not in self._persons]

    @property
    def arrow_schema(self) -> pa.Schema:
        """The columns of the contract and the row of the file."""
        return pa.schema([*((c.name, arrow_type(c)) for c in self.contract.columns), (SOURCE_ROW, pa.int64())])

    def reader(self) -> pa.RecordBatchReader:
        """The plain rows; `odd` holds the others when it is read through. It ends early once there are too many of them (`full`)."""
        return pa.RecordBatchReader.from_batches(self.arrow_schema, self._batches())

    @property
    def last_row(self) -> int:
        """The last row of the file that was read."""
        return max([self.builder.table.header.last + 1 + self.rows, *(n for n, _ in self._misshapen)])

    def of_records(self, records: Records) -> pa.RecordBatchReader:
        """Odd rows that turned out right, as a batch like the others."""
        frame = records.frame().assign(**{SOURCE_ROW: [row for row, _ in records.origin]})
        return pa.Table.from_pandas(frame, schema=self.arrow_schema, preserve_index=False).to_reader()

    def _references(self, column: sa.Column) -> set[str]:
        table, name = column.info["ref"].split(".")
        return set(self.builder.read(table)[name].dropna().astype(str))

    # ---- the text of the file
    def _batches(self) -> Iterator[pa.RecordBatch]:
        header = self.builder.table.header
        first = header.last + 2
        keys = {self.builder.mapping.columns[name].index for name in self._persons}
        for batch in read_ahead(self.stream.texts(header.last + 1, keys, self._misshapen)):
            numbers = self._numbers(first + self.rows, len(batch))
            self.rows = int(numbers[-1]) - first + 1
            yield self._converted(batch, numbers)
            self.progress(min(self.rows + first - 1, self.stream.lines), self.stream.lines)
            self.full = len(self.odd) + len(self._misshapen) > LIMITS.odd_rows
            if self.full:
                return

    def _numbers(self, first: int, count: int) -> np.ndarray:
        """The rows of the file that the next `count` are, leaving out those that could not be taken apart."""
        outside = [n for n, _ in self._misshapen if n >= first]
        numbers = np.arange(first, first + count + len(outside))
        return np.setdiff1d(numbers, outside)[:count] if outside else numbers

    # ---- texts to values
    def _converted(self, batch: pa.RecordBatch, numbers: np.ndarray) -> pa.RecordBatch:
        count = len(batch)
        odd, blank = np.zeros(count, dtype=bool), np.ones(count, dtype=bool)
        for cells in batch.columns:
            blank &= cells.is_null().to_numpy(zero_copy_only=False)
        columns = {texts.name: self._of_texts(texts, batch, odd) for texts in self._texts}
        for name in self._persons:
            columns[name] = self._keys(self._column(batch, name), odd)
        self._fill(columns, count)
        for column in self.contract.columns:
            if not column.nullable and column.name not in self.builder.built.missing:
                odd |= columns[column.name].is_null().to_numpy(zero_copy_only=False)
        self.blank += numbers[blank].tolist()
        self._set_aside(batch, numbers, odd & ~blank)
        odd |= blank
        if not odd.all():
            self.last_plain = int(numbers[~odd][-1])
        made = pa.record_batch([*(columns[c.name] for c in self.contract.columns), pa.array(numbers)], schema=self.arrow_schema)
        return made.filter(pa.array(~odd)) if odd.any() else made

    def _column(self, batch: pa.RecordBatch, name: str) -> pa.Array:
        return batch.column(self.builder.mapping.columns[name].index)

    def _fill(self, columns: dict[str, pa.Array], count: int) -> None:
        """The fields that no column of the file feeds: one value for all rows, or nothing."""
        constants = dict(self.builder.constants)
        if self.builder.within and "province_code" in self.builder.fields:
            constants.setdefault("province_code", self.builder.within)
        for column in self.contract.columns:
            if column.name not in columns:
                columns[column.name] = pa.array([constants.get(column.name)], arrow_type(column)).take(
                    pa.array(np.zeros(count, int))
                )

    def _of_texts(self, texts: _Texts, batch: pa.RecordBatch, odd: np.ndarray) -> pa.Array:
        coded = self._column(batch, texts.name)
        distinct = coded.dictionary.to_pylist()
        self._learn(texts, [text for text in distinct if text not in texts.index])
        at = [texts.index[text] for text in distinct]
        if strange := [i for i, n in enumerate(at) if n in texts.odd]:
            odd |= np.isin(coded.indices.fill_null(-1).to_numpy(), strange)
        kind = arrow_type(self.contract.columns[texts.name])
        made = pa.array([texts.found[n] for n in at], kind).take(coded.indices)
        if len(texts.index) > KEPT_TEXTS:
            texts.index.clear()
            texts.found.clear()
            texts.odd.clear()
        return made

    def _learn(self, texts: _Texts, new: list[str]) -> None:
        if not new:
            return
        converted = [self._convert(texts.name, text) for text in new]
        refused = self._refused(texts.name, [None if value is _ODD else value for value in converted])
        for i, (text, value) in enumerate(zip(new, converted, strict=True)):
            if value is _ODD or i in refused:
                texts.odd.add(len(texts.found))
                value = None
            texts.index[text] = len(texts.found)
            texts.found.append(value)

    def _convert(self, name: str, text: str) -> Any:
        """The value of a text; `_ODD` when it cannot be read, is only guessed at, or holds a national ID."""
        cell, before = tidy_cell(text), len(self.builder.built.problems)
        column = self.builder.table.header.columns[self.builder.mapping.columns[name].index]
        if len(text) >= 13 and identifiers.contains_id(cell):
            return _ODD
        try:
            value = self.builder.convert(self.builder.fields[name], cell, column, None, dict(self.builder.constants))
        except values.BadValue:
            return _ODD
        if len(self.builder.built.problems) > before:
            del self.builder.built.problems[before:]
            return _ODD
        return value

    def _refused(self, name: str, found: list[Any]) -> set[int]:
        """Which values of a field the contract or the table that it refers to does not have; blanks are looked at by row."""
        filled = [i for i, value in enumerate(found) if value is not None]
        frame = pd.DataFrame({name: pd.Series([found[i] for i in filled], dtype=object)})
        bad = {filled[i] for i in range(len(filled)) if name in self._known and str(found[filled[i]]) not in self._known[name]}
        try:
            self._checks[name].validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            bad |= {filled[int(i)] for i in errors.failure_cases["index"] if pd.notna(i)}
        return bad

    def _keys(self, texts: pa.Array, odd: np.ndarray) -> pa.Array:
        """Pseudonyms as they are, national IDs as their keyed hash; anything else is odd."""
        texts = texts.fill_null("")
        if pc.all(keys := pc.match_substring_regex(texts, _KEY)).as_py():
            return texts
        made = texts.to_numpy(zero_copy_only=False).copy()
        made[~keys.to_numpy(zero_copy_only=False)] = None
        ids = np.flatnonzero(pc.match_substring_regex(texts, _ID).to_numpy(zero_copy_only=False))
        digits = texts.take(pa.array(ids)).to_pylist()
        valid = identifiers.valid_ids(digits)
        made[ids[valid]] = [self.builder.hash(text) for text, ok in zip(digits, valid, strict=True) if ok]
        odd |= pd.isna(made)
        return pa.array(made, pa.string())

    # ---- odd rows
    def _set_aside(self, batch: pa.RecordBatch, numbers: np.ndarray, odd: np.ndarray) -> None:
        room = LIMITS.odd_rows + 1 - len(self.odd)
        for position in np.flatnonzero(odd)[:room]:
            cells = [tidy_cell(column[int(position)].as_py()) for column in batch.columns[: self._width]]
            self.odd.append(Row(int(numbers[position]), cells))

    def take_odd(self) -> list[Excluded]:
        """Send the odd rows the ordinary way: into the builder's records and problems, or left out with a reason.

        Blank rows at the end are none, as in a sheet.
        """
        reason = sorter(self.builder.table)
        last = max([self.last_plain, *(row.number for row in self.odd), *(number for number, _ in self._misshapen)])
        excluded = [Excluded(number, "blank") for number in self.blank if number < last]
        self.rows -= sum(number > last for number in self.blank)
        for row in sorted([*self.odd, *self._of_other_width()], key=lambda r: r.number):
            why = reason(row.cells, row.number > self.last_plain)
            if why is not None:
                excluded.append(Excluded(row.number, why))
            else:
                self.builder.take(row)
        return excluded

    def _of_other_width(self) -> list[Row]:
        """Rows with fewer or more cells than headings, as in a sheet: short ones end in blanks; what is over must be blank."""
        rows = []
        for number, parts in self._misshapen[: LIMITS.odd_rows + 1]:
            cells = [tidy_cell(part) for part in parts]
            if over := [cell for cell in cells[self._width :] if cell is not None]:
                self.builder.built.problems.append(self._too_wide(number, len(over)))
            rows.append(Row(number, (cells + [None] * self._width)[: self._width]))
        return rows

    @property
    def _width(self) -> int:
        return len(self.builder.table.header.columns)

    def _too_wide(self, row: int, n: int) -> Problem:
        remedy = N_("Put cells that contain the separator in quotation marks, or delete what lies outside the table")
        place = (self.builder.file, self.builder.table.sheet.name, row)
        return Problem("error", "row_width", WIDE, remedy, {"n": n}, *place)
