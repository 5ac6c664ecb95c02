"""Rows of a file to records of the contract: converts cells, matches places, unpivots, hashes IDs."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import sqlalchemy as sa
from openpyxl.utils import column_index_from_string
from tqdm import tqdm

from data_access.contract import national_ids, schema
from data_access.contract.national_ids import masked
from data_access.importing import identifiers, totals, values
from data_access.importing.centres import Centres, Read
from data_access.importing.conditions import LeaveOut
from data_access.importing.context import Context
from data_access.importing.headers import Column
from data_access.importing.mapping import GENERATED, Field, Mapping, fields, indicator_of, table_of
from data_access.importing.places import Guess, Matcher, authority_key
from data_access.importing.problems import Problem, mask
from data_access.importing.rows import GRAND, LEFT_OUT, MEAN, Excluded, Row, Table
from data_access.programmes.indicators import COUNTED, REGISTRY
from i18n import N_

PERIOD_TYPES = ("semester", "fiscal_year", "academic_year", "calendar_year")
_NAMES = ("name_th", "name_en", "lao_name", "province_code", "district_code", "subdistrict_code", "place_code")
_LEVELS = ("province", "district", "subdistrict")
_INSTITUTIONS = ("school", "centre", "lao")


@dataclass
class Records:
    """Records of one contract table; `origin[i]` is where record i came from: (file row, {field: column index})."""

    table: str
    items: list[dict[str, Any]] = field(default_factory=list)
    origin: list[tuple[int, dict[str, int]]] = field(default_factory=list)

    def add(self, item: dict[str, Any], row: int, columns: dict[str, int]) -> None:
        """One more record with where it came from."""
        self.items.append(item)
        self.origin.append((row, columns))

    def frame(self) -> pd.DataFrame:
        """The records in the columns of the contract, a plain index."""
        return pd.DataFrame(self.items, columns=[c.name for c in schema.TABLES[self.table].columns], dtype=object)


@dataclass
class Built:
    """What a sheet gives: records per table, problems, rows left out by choice, and counts for the notes."""

    records: dict[str, Records]
    problems: list[Problem] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    left_out: dict[LeaveOut, LeftOut] = field(default_factory=dict)
    bad_rows: dict[int, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    implied_zeros: int = 0
    unstated: float = 0.0
    summed_rows: int = 0
    replaced: int = 0


@dataclass
class LeftOut:
    """What a rule has left out: the rows of the file, and the sum of their values by period, of what can be added up."""

    rows: list[int] = field(default_factory=list)
    sums: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))


class Builder:
    """Builds the records of one table under one mapping."""

    def __init__(self, table: Table, mapping: Mapping, context: Context, matcher: Matcher, read: Read, file: str) -> None:
        self.table, self.mapping, self.matcher, self.read, self.file = table, mapping, matcher, read, file
        self.fields = {f.name: f for f in fields(mapping.kind)}
        self.target = table_of(mapping.kind)
        self.indicator = indicator_of(mapping.kind)
        self.within = mapping.constants.get("province_code") or (context.province[0] if context.province else "")
        self.built = Built({self.target: Records(self.target)})
        self.centres = Centres(read) if self.target in ("centre", "centre_semester") else None
        self.signed = self.indicator is None or self.indicator.kind != "count"  # a count of people or places cannot be negative
        self.constants: dict[str, Any] = {}
        self.institutions: dict[str, str] | None = None
        self.hash = identifiers.hasher() if identifiers.has_key() else _no_key

    # ---- whole table -----------------------------------------------------------------------------
    def prepare(self) -> None:
        """Convert what is given for all rows, and note the fields that nothing feeds."""
        self._constants()
        self._required()

    def build(self) -> Built:
        """Convert every data row; problems are collected, not raised."""
        self.prepare()
        whole = category_totals(self.table, self.mapping)
        self.built.left_out = {rule: LeftOut() for rule in self.mapping.left_out}
        for row in tqdm(self.table.rows, disable=None if len(self.table.rows) > 20_000 else True, unit="row"):
            unwanted = next((i for i, condition in self.mapping.where.items() if not condition.fits(row.cells[i])), None)
            if unwanted is not None:
                self.built.excluded.append(Excluded(row.number, "not_selected", mask(row.cells[unwanted])))
            elif (named := self._total_name(row)) is not None:
                self.built.excluded.append(Excluded(row.number, "subtotal", mask(row.cells[named])))
            elif row.number in whole:
                self.built.excluded.append(Excluded(row.number, "subtotal", mask(row.cells[whole[row.number]])))
            elif rule := self._left_out(row):
                self._leave_out(row, rule)
            else:
                self.take(row)
        if self.mapping.aggregate:
            self._aggregate()
        return self.built

    def _left_out(self, row: Row) -> LeaveOut | None:
        return next((rule for rule in self.mapping.left_out if self._is_meant(rule, row)), None)

    def _is_meant(self, rule: LeaveOut, row: Row) -> bool:
        if rule.condition is None:
            return row.number in rule.rows
        return rule.condition.fits(row.cells[column_index_from_string(rule.column) - 1])

    def _leave_out(self, row: Row, rule: LeaveOut) -> None:
        place = self.mapping.columns.get("place_code") or self.mapping.columns.get("province_code")
        at = column_index_from_string(rule.column) - 1 if rule.column else place.index if place else None
        begins = "" if at is None else self._shown(self.table.header.columns[at], row.cells[at])
        self.built.excluded.append(Excluded(row.number, LEFT_OUT, begins, masked(rule.reason)))
        found = self.built.left_out[rule]
        found.rows.append(row.number)
        if self.adds:
            for period, amount in self._amounts(row).items():
                found.sums[period] += amount

    @property
    def adds(self) -> bool:
        """Whether the values of rows can be added up."""
        return self.indicator is not None and self.indicator.kind in ("count", "money")

    def _amounts(self, row: Row) -> dict[str, float]:
        """Period -> the number that a row has of it, as it would have been loaded; what cannot be read is nothing."""
        mapping = self.mapping
        if mapping.blocks:
            parts = {period: (tuple(codes), total) for period, (codes, total) in mapping.blocks.items()}
        elif mapping.unpivot and mapping.unpivot[0] == "period":
            parts = {code: ((index,), None) for index, code in mapping.unpivot[1].items()}
        else:
            value = (mapping.columns["value"].index,) if "value" in mapping.columns else ()
            period = self._period_of(row)
            parts = {period: (mapping.sum_parts or (tuple(mapping.unpivot[1]) if mapping.unpivot else value), mapping.total)}
        return {period: self._sum(row, *columns) for period, columns in parts.items()}

    def _period_of(self, row: Row) -> str:
        source = self.mapping.columns.get("period")
        try:
            found = (
                self._plain(self.fields["period"], row.cells[source.index], None, {}) if source else self.constants.get("period")
            )
        except values.BadValue:
            found = None
        return str(found or "")

    def _sum(self, row: Row, parts: tuple[int, ...], total: int | None) -> float:
        columns = self.table.header.columns
        read = {i: totals.amount(row.cells[i]) for i in (*parts, *([] if total is None else [total]))}
        numbers = {i: n * _factor(columns[i], row.cells[i]) for i, n in read.items() if n is not None}
        known = [numbers[i] for i in parts if i in numbers]
        return sum(known) if known or total is None else numbers.get(total, 0.0)

    def _total_name(self, row: Row) -> int | None:
        """The column in which "total" stands where the name of a place should; its row has words of its own before it."""
        named = (self.mapping.columns[name].index for name in _NAMES if name in self.mapping.columns)
        return next((i for i in named if isinstance(row.cells[i], str) and GRAND.match(values.squash(row.cells[i]))), None)

    def _constants(self) -> None:
        for name, text in self.mapping.constants.items():
            item = self.fields.get(name)
            if item is None:
                continue
            try:
                self.constants[name] = self.convert(item, text, None, None)
            except values.BadValue as error:
                self.built.missing.add(name)
                label = {"label_th": item.info.th, "label_en": item.info.en}
                said = N_("{found}, given for all rows, cannot be “{label}”; it needs {expected}")
                self._error("bad_constant", said, None, None, text, error, found=mask(text), **label)

    def _required(self) -> None:
        mapping = self.mapping
        have = set(mapping.columns) | set(mapping.constants) | GENERATED
        if mapping.unpivot or mapping.sum_parts:
            have |= {mapping.value, *([mapping.unpivot[0]] if mapping.unpivot else []), *(["period"] if mapping.blocks else [])}
        if self.within and "province_code" in self.fields:
            have.add("province_code")
        missing = [f for f in self.fields.values() if (f.required or f.name == "value") and f.name not in have]
        self.built.missing |= {f.name for f in missing}
        if self.target == "centre_semester" and "name_th" not in have and "centre_code" not in mapping.columns:
            missing.append(self.fields["name_th"])
        for item in missing:
            self.built.problems.append(
                Problem(
                    "error",
                    "missing_column",
                    N_("No column was found for “{label}”"),
                    N_(
                        "Choose its column in the mapping, or give one value for all rows (command line: --map {name}=HEADING, --set {name}=VALUE)"
                    ),
                    {"name": item.name, "label_th": item.info.th, "label_en": item.info.en},
                    self.file,
                    self.table.sheet.name,
                    self.table.header.first + 1,
                    header=item.info.th,
                )
            )

    # ---- one row ---------------------------------------------------------------------------------
    def take(self, row: Row) -> None:
        """Convert one data row into its records, or note what is wrong with it."""
        item = dict(self.constants)
        columns: dict[str, int] = {}
        for name in self.in_order():
            source = self.mapping.columns[name]
            columns[name] = source.index
            column = self.table.header.columns[source.index]
            try:
                item[name] = self.convert(self.fields[name], row.cells[source.index], column, row, item)
            except values.BadValue as error:
                code = "place_unknown" if self.place_level_of(self.fields[name]) else "bad_value"
                self._error(
                    code,
                    N_("{found} cannot be read; this column needs {expected}"),
                    row,
                    column,
                    row.cells[source.index],
                    error,
                    found=self._shown(column, row.cells[source.index]),
                )
        if self.within and "province_code" in self.fields:
            item.setdefault("province_code", self.within)
        if row.number not in self.built.bad_rows:
            for record in self._spread(item, row, columns):
                self._keep(record[0], row, record[1])

    def in_order(self) -> list[str]:
        """The fields that columns feed, wider places first, so that a district is looked for in its province; an indicator before its period."""
        order = {"province_code": 0, "place_code": 0, "indicator": 0, "district_code": 1, "subdistrict_code": 2}
        return sorted((n for n in self.mapping.columns if n in self.fields), key=lambda n: order.get(n, 3))

    def _keep(self, item: dict[str, Any], row: Row, columns: dict[str, int]) -> None:
        if self.centres is None:
            self.built.records[self.target].add(item, row.number, columns)
            return
        if not item.get("name_th") and not item.get("centre_code") and item.get("lao_name"):
            self._unnamed(item, row, columns)
        code, new = self.centres.code_of(item)
        item["centre_code"] = code
        if self.target == "centre" or new:
            centres = self.built.records.setdefault("centre", Records("centre"))
            if not (centres.origin and centres.origin[-1][0] == row.number):  # a wide row gives its centre once
                centres.add(item, row.number, columns)
        if self.target == "centre_semester":
            self.built.records[self.target].add(item, row.number, columns)

    def _unnamed(self, item: dict[str, Any], row: Row, columns: dict[str, int]) -> None:
        """A centre without a name still has its children: it is named after its authority, and the report says so."""
        item["name_th"] = f"ไม่ระบุชื่อ ({item['lao_name']})"
        column = self.table.header.columns[columns["name_th"]] if "name_th" in columns else None
        self.built.problems.append(
            Problem(
                "warning",
                "name_missing",
                N_("The name is blank; the centre is loaded as “{name}”"),
                N_("Ask the agency for the name and load the file again"),
                {"name": item["name_th"]},
                self.file,
                self.table.sheet.name,
                row.number,
                column.letter if column else "",
                column.heading if column else "",
            )
        )

    # ---- several records a row -------------------------------------------------------------------
    def _spread(self, item: dict[str, Any], row: Row, columns: dict[str, int]) -> list[tuple[dict[str, Any], dict[str, int]]]:
        mapping = self.mapping
        if mapping.sum_parts:
            parts = {i: self._number(row, i) for i in mapping.sum_parts}
            known = [p for p in parts.values() if p is not None]
            value = sum(known) if known else self._total(row)
            return [({**item, mapping.value: value}, {**columns, mapping.value: mapping.total or mapping.sum_parts[0]})]
        if not mapping.unpivot:
            return [(item, columns)]
        if not mapping.blocks:
            return self._unpivoted(item, row, columns, mapping.unpivot[1], mapping.total)
        blocks = (
            self._unpivoted({**item, "period": period}, row, columns, codes, total)
            for period, (codes, total) in mapping.blocks.items()
        )
        return [record for block in blocks for record in block]

    def _unpivoted(
        self, item: dict[str, Any], row: Row, columns: dict[str, int], codes: dict[int, str], total: int | None
    ) -> list[tuple[dict[str, Any], dict[str, int]]]:
        """One record a column of `codes`; a total stands in where all parts are blank."""
        assert self.mapping.unpivot is not None
        stated: float | None = None
        name, value_name = self.mapping.unpivot[0], self.mapping.value
        parts = {i: self._number(row, i) for i in codes}
        if name in ("sex", "level") and self.indicator:
            stated = None if total is None else self._number(row, total)
            parts, whole = self._blank_parts(parts, stated)
            if whole:
                at = min(codes) if total is None else total
                return [({**item, name: "all", value_name: stated}, {**columns, value_name: at})]
        whole_number = isinstance(self.fields[value_name].type, sa.Integer)
        rest = self._rest(parts, stated) if self.mapping.rest and total is not None else None
        others = [({**item, name: "unspecified", value_name: rest}, {**columns, value_name: total})] if rest else []
        return others + [
            ({**item, name: self._code(name, codes[i]), value_name: _whole(value, whole_number)}, {**columns, value_name: i})
            for i, value in parts.items()
            if value is not None or name in ("period", "semester", "academic_year")
        ]

    def _rest(self, parts: dict[int, float | None], stated: float | None) -> float | None:
        """What a stated total has beyond its parts by sex: those of whom no sex is stated."""
        if stated is None or any(p is None for p in parts.values()):
            return None
        rest = stated - sum(p or 0.0 for p in parts.values())
        self.built.unstated += max(rest, 0.0)
        return rest if rest > 0 else None

    def _code(self, name: str, text: str) -> str | int:
        """A code of `unpivot` as its field holds it: academic years are numbers."""
        return int(text.removeprefix("AY")) if isinstance(self.fields[name].type, sa.Integer) else text

    def _blank_parts(self, parts: dict[int, float | None], total: float | None) -> tuple[dict[int, float | None], bool]:
        """Blank parts beside a total: 0 where the total leaves no room for them; "all" where all are blank."""
        known = [p for p in parts.values() if p is not None]
        blank = [i for i, p in parts.items() if p is None]
        if blank and total is not None and abs(sum(known) - total) < 1e-9:
            self.built.implied_zeros += len(blank)
            return {i: 0.0 if p is None else p for i, p in parts.items()}, False
        return parts, not known

    def _total(self, row: Row) -> float | None:
        return None if self.mapping.total is None else self._number(row, self.mapping.total)

    def _number(self, row: Row, index: int) -> float | None:
        column = self.table.header.columns[index]
        try:
            self._refuse_share(self.fields[self.mapping.value], row.cells[index])
            found = values.number(row.cells[index])
        except values.BadValue as error:
            self._error(
                "bad_value",
                N_("{found} cannot be read; this column needs {expected}"),
                row,
                column,
                row.cells[index],
                error,
                found=self._shown(column, row.cells[index]),
            )
            return None
        if found is not None and found < 0 and not self.signed:
            self._error(
                "bad_value",
                N_("{found} cannot be read; this column needs {expected}"),
                row,
                column,
                row.cells[index],
                values.BadValue(N_("a number that is not negative")),
                found=self._shown(column, row.cells[index]),
            )
        return None if found is None else found * _factor(column, row.cells[index])

    def _aggregate(self) -> None:
        """Sum the values of records that share a key; the origin is the first row of each."""
        records = self.built.records[self.target]
        keys = [f.name for f in self.fields.values() if f.key and f.table == self.target]
        merged: dict[tuple[Any, ...], int] = {}
        kept = Records(self.target)
        cells = {row.number: row.cells for row in self.table.rows}
        apart: dict[tuple[Any, ...], int] = {}
        for item, origin in zip(records.items, records.origin, strict=True):
            key = tuple(item.get(k) for k in keys)
            named = tuple(values.squash(cells[origin[0]][i] or "") for i in self.mapping.categories)
            if (before := apart.setdefault((key, named), origin[0])) != origin[0]:
                self._alike(origin[0], before, named)
            if key not in merged:
                merged[key] = len(kept.items)
                kept.add(item, *origin)
                continue
            first = kept.items[merged[key]]
            first["value"] = _plus(first.get("value"), item.get("value"))
            self.built.summed_rows += 1
        self.built.records[self.target] = kept

    def _alike(self, row: int, before: int, named: tuple[str, ...]) -> None:
        """Two rows that nothing tells apart are added up like the others, which may be one row that was sent twice."""
        self.built.problems.append(
            Problem(
                "warning",
                "rows_alike",
                N_("The row has the place, the period and the words of row {before}; both are added up"),
                N_("Nothing to do if both count; otherwise delete one of them"),
                {"before": before},
                self.file,
                self.table.sheet.name,
                row,
                found=mask(" ".join(named)),
            )
        )

    # ---- one cell --------------------------------------------------------------------------------
    def convert(self, item: Field, cell: Any, column: Column | None, row: Row | None, known: dict[str, Any] | None = None) -> Any:
        """The value of a cell as its field holds it; `known` are the fields of the row so far. BadValue when it is none."""
        if item.info.person:
            return self._person_key(cell)
        place = self.place_level_of(item)
        if place:
            return self._place(place, cell, column, row, known or {})
        return self._plain(item, cell, column, known or {})

    def _plain(self, item: Field, cell: Any, column: Column | None, known: dict[str, Any]) -> Any:
        if values.is_error(cell):
            raise values.BadValue(N_("a value, not the error of a formula"))
        if item.name == "period":
            indicator = self.indicator or REGISTRY.get(str(known.get("indicator")))
            return _first_period(cell, (indicator.periods if indicator else ()) or PERIOD_TYPES)
        if item.info.values:
            return values.code(cell, item.info.values)
        if item.info.pattern == schema.SEMESTER_PATTERN:
            return values.semester(cell)
        if item.name == "grade":
            return values.grade(cell)
        if isinstance(item.type, sa.Integer | sa.Float):
            self._refuse_share(item, cell)
            return _quantity(item, cell, column, self.signed)
        if isinstance(item.type, sa.Date):
            return values.date(cell)
        if isinstance(item.type, sa.Boolean):
            return values.boolean(cell)
        return values.fixed_code(cell, _digits(item))

    def _refuse_share(self, item: Field, cell: Any) -> None:
        """BadValue for a number with a percent sign where persons, things or money are meant: 100% is not one of them."""
        kind = self.indicator.kind if self.indicator and item.name == "value" else ""
        amount = kind in ("count", "money") or item.info.unit in (*COUNTED, "baht")
        if amount and isinstance(cell, str) and cell.strip().endswith("%"):
            raise values.BadValue(N_("a number, not a share"))

    def _person_key(self, cell: Any) -> str | None:
        text = values.text(cell)
        if text is None or identifiers.is_key(text):
            return text
        digits = identifiers.digits_of(cell)
        if not national_ids.valid_id(digits):
            raise values.BadValue(N_("a 13-digit national ID with a right check digit, or a key made earlier"))
        return self.hash(digits)

    def place_level_of(self, item: Field) -> str | None:
        """The kind of place whose names and codes a field holds, or None."""
        if item.name == "place_code" and self.indicator:
            return self.mapping.place_level if self.mapping.place_level in (*_LEVELS, *_INSTITUTIONS) else None
        table = (item.ref or "").split(".")[0]
        return table if table in _LEVELS and item.name == f"{table}_code" else None

    def _place(self, level: str, cell: Any, column: Column | None, row: Row | None, known: dict[str, Any]) -> str | None:
        if level in _INSTITUTIONS:
            return self._institution(level, cell)
        within = {
            "province": "",
            "district": known.get("province_code") or self.within,
            "subdistrict": known.get("district_code") or known.get("province_code") or self.within,
        }[level]
        code, guess = self.matcher.match(level, cell, within or "")
        if guess:
            self._guess(guess, row, column)
        elif code is None and not values.is_missing(cell):
            raise self.matcher.why_not(level, cell, within or "")
        return code

    def _institution(self, level: str, cell: Any) -> str | None:
        """The code of a school, centre or local authority that the draft knows, by its code; of an authority also by its name."""
        text = values.text(cell)
        if text is None:
            return None
        if self.institutions is None:
            self.institutions = _institutions(self.read(level), level)
        found = self.institutions.get(values.squash(text)) or self.institutions.get(authority_key(text))
        if found is None:
            raise values.BadValue(
                N_("a place of the table “{table}” (load that table first, or choose the column with provinces)"),
                table=schema.TABLES[level].info["en"],
                table_th=schema.TABLES[level].info["th"],
                table_en=schema.TABLES[level].info["en"],
            )
        return found

    def _guess(self, guess: Guess, row: Row | None, column: Column | None) -> None:
        import geo

        self.built.problems.append(
            Problem(
                "error",
                "place_guess",
                N_("{found} is not a place name that is known for certain; it may be {place} ({score})"),
                N_("Accept the guess once (it is then remembered) or correct the name in the file"),
                {
                    "found": mask(guess.text),
                    "place_th": geo.name(guess.code, "th"),
                    "place_en": geo.name(guess.code, "en"),
                    "score": f"{guess.score:.2f}",
                },
                self.file,
                self.table.sheet.name,
                row.number if row else None,
                column.letter if column else "",
                column.heading if column else "",
                mask(guess.text),
                geo.name(guess.code, "th"),
            )
        )

    def _shown(self, column: Column, cell: Any) -> str:
        keys = {s.index for n, s in self.mapping.columns.items() if n in self.fields and self.fields[n].info.person}
        hidden = column.index in keys or (schema.TABLES[self.target].info["person"] and not _harmless(cell))
        return "•••" if hidden or identifiers.name_heading(column.heading) else mask(cell)

    def _error(
        self, code: str, msgid: str, row: Row | None, column: Column | None, cell: Any, error: values.BadValue, **params: Any
    ) -> None:
        found = params.get("found", "")
        expected = error.message("en")
        self.built.problems.append(
            Problem(
                "error",
                code,
                msgid,
                N_("Correct the cell in the file, or choose another column in the mapping"),
                {"expected": expected, **params},
                self.file,
                self.table.sheet.name,
                row.number if row else None,
                column.letter if column else "",
                column.heading if column else "",
                found,
                expected,
                error,
            )
        )
        if row:
            self.built.bad_rows[row.number] = code


def _institutions(known: pd.DataFrame, level: str) -> dict[str, str]:
    """Code or name, in comparable form -> code; a name that several authorities have is none."""
    codes = known[f"{level}_code"].astype(str)
    found = {values.squash(code): code for code in codes}
    if level == "lao":
        names = known["name_th"].map(authority_key)
        found |= dict(zip(names[~names.duplicated(keep=False)], codes[~names.duplicated(keep=False)], strict=True))
    return found


def _no_key(digits: str) -> str:
    raise AssertionError("IDs reached the builder without a key; `guards.guard` refuses them first")


def _first_period(cell: Any, kinds: tuple[str, ...]) -> str | None:
    for kind in kinds[:-1]:
        try:
            return values.period(cell, kind)
        except values.BadValue:
            continue
    return values.period(cell, kinds[-1])


def _quantity(item: Field, cell: Any, column: Column | None, signed: bool) -> float | int | None:
    if item.name.endswith("year"):
        return None if values.is_missing(cell) else values.buddhist_year(cell)
    found = values.number(cell)
    if found is None:
        return None
    if found < 0 and item.name == "value" and not signed:
        raise values.BadValue(N_("a number that is not negative"))
    found *= _factor(column, cell) if column else 1.0
    if isinstance(item.type, sa.Integer):
        return values.integer(round(found, 6))
    return found


def _factor(column: Column, cell: Any) -> float:
    """The unit of the heading; a cell that carries its own % has been divided already."""
    return 1.0 if column.factor < 1 and isinstance(cell, str) and cell.strip().endswith("%") else column.factor


def _whole(value: float | None, wanted: bool) -> float | int | None:
    return round(value) if wanted and value is not None and abs(value - round(value)) < 1e-9 else value


def _digits(item: Field) -> int | None:
    """The fixed number of digits of a code, from its own pattern or that of the key it refers to."""
    pattern = item.info.pattern
    if item.ref and not pattern:
        table, name = item.ref.split(".")
        pattern = schema.contract(schema.TABLES[table].columns[name]).pattern
    match = re.fullmatch(r"\\d\{(\d+)\}", pattern or "")
    return int(match[1]) if match else None


def category_totals(table: Table, mapping: Mapping) -> dict[int, int]:
    """Rows that state the total of their place in a column of categories ("รวม" among the plans): row number -> column."""
    if not mapping.aggregate:
        return {}
    return {
        row.number: index
        for row in table.rows
        for index in mapping.categories
        if isinstance(row.cells[index], str)
        and (GRAND.match(values.squash(row.cells[index])) or MEAN.match(row.cells[index].strip()))
    }


def _plus(a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None else a + b


def _harmless(cell: Any) -> bool:
    """Codes, dates and numbers other than IDs say nothing about a person on their own."""
    return (totals.amount(cell) is not None and not identifiers.digits_of(cell)) or len(str(cell)) <= 4
