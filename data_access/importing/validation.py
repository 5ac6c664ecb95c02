"""Checks records against the contract (pandera), against each other, and against what is already there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
import sqlalchemy as sa

import geo
from data_access.contract import schema
from data_access.contract.periods import parse_period
from data_access.importing.limits import LIMITS
from data_access.importing.problems import Problem, mask
from data_access.importing.records import Records
from data_access.importing.rows import Table
from data_access.importing.totals import plain
from data_access.programmes.indicators import REGISTRY
from data_access.questions.senders import in_question
from i18n import N_

Read = Callable[[str], pd.DataFrame]


class Checker:
    """Checks the records of one contract table that came from one sheet."""

    def __init__(self, records: Records, table: Table, file: str, read: Read, missing: set[str] | None = None) -> None:
        self.records, self.table, self.file, self.read = records, table, file, read
        self.missing = missing or set()  # fields without any column: said once, not again for every row
        self.contract = schema.TABLES[records.table]
        self.frame = records.frame()

    def check(self) -> list[Problem]:
        """Every problem found, errors first."""
        problems = [*self._types(), *self.duplicates(), *self._foreign_keys(), *self.rates(), *self._fractions(), *self._jumps()]
        return sorted(problems, key=lambda p: p.severity != "error")

    # ---- helpers ---------------------------------------------------------------------------------
    def _problem(
        self,
        severity: Any,
        code: str,
        msgid: str,
        remedy: str,
        index: int | None,
        name: str,
        value: Any = None,
        expected: str = "",
        **params: Any,
    ) -> Problem:
        row, columns = self.records.origin[index] if index is not None else (None, {})
        column = self.table.header.columns[columns[name]] if name in columns else None
        hidden = (
            self.contract.info["person"] and name in self.contract.columns and schema.contract(self.contract.columns[name]).person
        )
        found = "•••" if hidden else mask(value)
        info = schema.contract(self.contract.columns[name]) if name in self.contract.columns else None
        labels = {"label_th": info.th, "label_en": info.en} if info else {"label_th": name, "label_en": name}
        return Problem(
            severity,
            code,
            msgid,
            remedy,
            {"found": found, "expected": expected, **labels, **params},
            self.file,
            self.table.sheet.name,
            row,
            column.letter if column else "",
            column.heading if column else name,
            found,
            expected,
        )

    # ---- types, ranges, patterns, code lists -----------------------------------------------------
    def _types(self) -> list[Problem]:
        model = contract_model(self.records.table)
        try:
            model.validate(self.frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            cases = [{str(k): v for k, v in case.items()} for case in errors.failure_cases.to_dict("records")]
            return [self._failure(case) for case in cases if case["column"] not in self.missing]
        return []

    def _failure(self, case: dict[str, Any]) -> Problem:
        name = str(case["column"])
        info = schema.contract(self.contract.columns[name])
        index = int(case["index"]) if case["index"] is not None and pd.notna(case["index"]) else None
        if case["check"] == "not_nullable":
            return self._problem(
                "error",
                "missing_value",
                N_("{label} is blank but must be given"),
                N_("Fill the cell, or give one value for all rows"),
                index,
                name,
                None,
                info.th,
            )
        expected = _expected(info)
        return self._problem(
            "error",
            "out_of_contract",
            N_("{found} is outside what {label} may be: {expected}"),
            N_("Correct the cell; if the value is right, ask for the limit in the contract to be widened"),
            index,
            name,
            case["failure_case"],
            expected,
        )

    # ---- keys ------------------------------------------------------------------------------------
    def duplicates(self) -> list[Problem]:
        """Records whose key an earlier one has."""
        keys = [c.name for c in self.contract.primary_key.columns]
        first: dict[tuple[Any, ...], int] = {}
        problems = []
        if self.missing & set(keys):
            return []
        for i, key in enumerate(self.frame[keys].itertuples(index=False, name=None)):
            if any(part is None or pd.isna(part) for part in key):
                continue  # a blank key is its own problem
            if key in first:
                row = self.records.origin[first[key]][0]
                told = [(n, k) for k, n in zip(key, keys, strict=True) if not schema.contract(self.contract.columns[n]).person]
                shown = ", ".join(mask(k) for _n, k in told)
                words = {f"key_{lang}": ", ".join(w for n, k in told if (w := _said(n, k, lang))) for lang in ("th", "en")}
                problems.append(
                    self._problem(
                        "error",
                        "duplicate_key",
                        N_("{key} is already on row {row}"),
                        self._remedy_of_duplicates(),
                        i,
                        next((n for n in keys if n in self.records.origin[i][1]), keys[0]),
                        shown,
                        "",
                        key=shown,
                        row=row,
                        **words,
                    )
                )
            else:
                first[key] = i
        return problems

    def _remedy_of_duplicates(self) -> str:
        """What is done about two rows of one key: only what adds up may be summed, and two institutions may share a name."""
        kinds = {REGISTRY[i].kind for i in set(self.frame["indicator"]) & set(REGISTRY)} if "indicator" in self.frame else set()
        if kinds and kinds <= {"count", "money"}:
            return N_(
                "If both rows count, have rows of one place summed in the mapping; if one repeats the other, delete it or leave it out"
            )
        if kinds:
            return N_(
                "Choose the column that tells the two rows apart, or leave one of them out; rates and means are never added up"
            )
        if self.contract.name in ("centre", "centre_semester"):
            return N_(
                "If these are two centres, tell them apart: a code of its own for each, or the village in the name; if one repeats "
                "the other, leave it out"
            )
        return N_("If one row repeats the other, delete it or leave it out; else choose the columns that tell the two apart")

    def _foreign_keys(self) -> list[Problem]:
        problems = []
        for column in self.contract.columns:
            if not column.info["ref"]:
                continue
            table, name = column.info["ref"].split(".")
            known = set(self.read(table)[name].dropna().astype(str))
            for i, value in enumerate(self.frame[column.name]):
                if value is not None and pd.notna(value) and str(value) not in known:
                    problems.append(
                        self._problem(
                            "error",
                            "unknown_reference",
                            N_("{found} is not in the table “{table}”"),
                            N_("Load the table “{table}” first, or correct the code"),
                            i,
                            column.name,
                            value,
                            table,
                            table_th=schema.TABLES[table].info["th"],
                            table_en=schema.TABLES[table].info["en"],
                        )
                    )
        return problems

    # ---- money against the rate in force ---------------------------------------------------------
    def rates(self) -> list[Problem]:
        """Grants above the highest rate in force."""
        if self.records.table != "pupil_grant":
            return []
        rates = self.read("rate")
        problems: list[Problem] = []
        for column, rate in (("basic_baht", "basic_needs"), ("equity_baht", "equity_grant")):
            rows = rates[(rates["rate_id"] == rate) & rates["per"].isin(["semester", "year"])]
            if len(rows):
                problems += self._over_rate(column, rows)
        return problems

    def _over_rate(self, column: str, rates: pd.DataFrame) -> list[Problem]:
        from data_access.contract.periods import BE_OFFSET

        problems = []
        highest: dict[str, float | None] = {}
        for i, (semester, baht) in enumerate(zip(self.frame["semester"], self.frame[column], strict=True)):
            if pd.isna(baht) or pd.isna(semester):
                continue
            if semester not in highest:
                start = pd.Timestamp(int(semester[:4]) - BE_OFFSET, 5 if semester.endswith("1") else 11, 1)
                highest[semester] = _highest_rate(rates, start)
            limit = highest[semester]
            if limit is not None and float(baht) > limit + LIMITS.money_tolerance:
                problems.append(
                    self._problem(
                        "warning",
                        "over_rate",
                        N_("{found} baht is more than the highest rate in force in {semester}, {expected} baht"),
                        N_("Check the amount and the semester, or load the new rate"),
                        i,
                        column,
                        plain(float(baht)),
                        plain(limit),
                        semester=semester,
                    )
                )
        return problems

    # ---- counts that are no whole numbers ----------------------------------------------------------
    def _fractions(self) -> list[Problem]:
        """Errors for values of counted indicators that are no whole numbers."""
        if self.records.table != "reported_value" or self.frame.empty:
            return []
        counted = self.frame["indicator"].map(lambda i: i in REGISTRY and REGISTRY[i].kind == "count")
        value = pd.to_numeric(self.frame["value"], errors="coerce")
        odd = counted & value.notna() & ((value - value.round()).abs() > 1e-6)
        return [
            self._problem(
                "error",
                "not_whole",
                N_("{found} is counted, and is no whole number"),
                N_("Look for a decimal point that stands for thousands, a share instead of a count, or the wrong column"),
                int(at),
                "value",
                plain(float(value.iloc[at])),
                "",
            )
            for at in np.flatnonzero(odd)
        ]

    # ---- a jump against what is already there ----------------------------------------------------
    def _jumps(self) -> list[Problem]:
        if self.records.table != "reported_value" or self.frame.empty:
            return []
        old = self.read("reported_value")
        old = old[old["indicator"].isin(set(self.frame["indicator"])) & old["value"].notna()]
        if old.empty:
            return []
        before = old.groupby(["period", "place_code"])["value"].sum()
        rows = self.frame.assign(at=range(len(self.frame)), value=pd.to_numeric(self.frame["value"], errors="coerce"))
        after = rows.dropna(subset=["value"]).groupby(["period", "place_code"]).agg(value=("value", "sum"), at=("at", "first"))
        problems = []
        for period, place, value, at in after.reset_index()[["period", "place_code", "value", "at"]].itertuples(index=False):
            compared = _last_before(before, str(period), str(place))
            if compared and _is_jump(compared[1], float(value)):
                problems.append(
                    self._problem(
                        "warning",
                        "jump",
                        N_("{place} goes from {before} in {period} to {after}"),
                        N_("Check the unit and the row; load it if it is right"),
                        int(at),
                        "value",
                        plain(float(value)),
                        plain(compared[1]),
                        place_th=_place_name(str(place), "th"),
                        place_en=_place_name(str(place), "en"),
                        before=plain(compared[1]),
                        after=plain(float(value)),
                        period=compared[0],
                    )
                )
        return problems


def _highest_rate(rates: pd.DataFrame, start: pd.Timestamp) -> float | None:
    """The highest rate of any band in force on a day; a yearly rate may be paid at once."""
    dated = rates.assign(effective_from=pd.to_datetime(rates["effective_from"]))
    current = dated[dated["effective_from"] <= start].sort_values("effective_from").groupby("band").tail(1)
    return None if current.empty else float(current["baht"].max())


def _last_before(before: pd.Series, period: str, place: str) -> tuple[str, float] | None:
    """The value of the same place in the same period, or the latest earlier one of the same type."""
    periods = sorted((p for p, code in before.index if code == place and p[:2] == period[:2] and p <= period), reverse=True)
    return (periods[0], float(before[periods[0], place])) if periods else None


def _is_jump(old: float, new: float) -> bool:
    if max(abs(old), abs(new)) < LIMITS.jump_floor or old == 0:
        return False
    return new > old * LIMITS.jump_ratio or new * LIMITS.jump_ratio < old


def _said(name: str, value: Any, lang: str) -> str:
    """A part of a key in words: places, indicators and periods by their names; empty for the whole of a split."""
    if value == "all" or name == "place_level":
        return ""
    if name in ("province_code", "district_code", "subdistrict_code", "place_code"):
        return _place_name(str(value), lang)
    if name == "indicator" and value in REGISTRY:
        return f"“{REGISTRY[value].title(lang)}”"
    return parse_period(value).label(lang) if name in ("period", "semester") else mask(value)


def _place_name(code: str, lang: str) -> str:
    return geo.name(code, lang) or code


_FORMS = {
    schema.SEMESTER_PATTERN: "2565-1",
    schema.PERIOD_PATTERN: "2565-1, AY2565, FY2565, CY2565",
    r"(K[1-3]|P[1-6]|M[1-6])": "K1–K3, P1–P6, M1–M6",
    r"\d{2}": "NN",
    r"\d{4}": "NNNN",
    r"\d{6}": "NNNNNN",
    r"\d{7,8}": "NNNNNNN(N)",
    r"\d{10}": "NNNNNNNNNN",
}


def _expected(info: schema.Info) -> str:
    if info.values:
        return ", ".join(info.values)
    if info.pattern:
        return _FORMS.get(info.pattern, info.pattern)
    low = "" if info.low is None else plain(info.low)
    return f"{low} – {'' if info.high is None else plain(info.high)}"


@cache
def contract_model(name: str) -> pa.DataFrameSchema:
    """The pandera schema of a contract table: presence, ranges, patterns and code lists from its `Info`."""
    return pa.DataFrameSchema(
        {
            c.name: pa.Column(object, _checks(c), nullable=bool(c.nullable) or c.name in _FILLED_LATER, required=True)
            for c in schema.TABLES[name].columns
        }
    )


_FILLED_LATER: set[str] = set()


def _checks(column: sa.Column) -> list[pa.Check]:
    info = schema.contract(column)
    checks = []
    if info.values:
        checks.append(pa.Check.isin(info.values))
    if info.pattern:
        checks.append(pa.Check(lambda s, p=info.pattern: s.astype(str).str.fullmatch(p), name=f"pattern {info.pattern}"))
    if info.low is not None:
        checks.append(pa.Check(lambda s, low=info.low: pd.to_numeric(s) >= low, name=f">= {info.low}"))
    if info.high is not None:
        checks.append(pa.Check(lambda s, high=info.high: pd.to_numeric(s) <= high, name=f"<= {info.high}"))
    return checks


# ---- completeness
def province_audit(frame: pd.DataFrame, indicator: str) -> tuple[dict[str, Any], list[str]]:
    """The join of aggregate records with the 77 provinces, fewer before the youngest were founded, per period.

    Returns:
        {period: {"present": n, "expected": n, "missing": [codes], "unexpected": [codes], "expected_absent": [codes]}},
        and the periods that are incomplete. `unexpected` are places that have none by law (Bangkok has no provincial organisation).
    """
    every = pd.DataFrame({"province_code": [str(code) for code in geo.provinces().index]})
    absent = list(REGISTRY[indicator].outside)
    audit: dict[str, Any] = {}
    for period, rows in frame.groupby("period"):
        present = set(rows["place_code"].dropna().astype(str))
        wanted = in_question(every, [str(period)], REGISTRY[indicator])["province_code"].tolist()
        audit[str(period)] = {
            "present": len(present & set(wanted)),
            "expected": len(wanted),
            "missing": [code for code in wanted if code not in present],
            "unexpected": sorted(present & set(absent)),
            "expected_absent": [c for c in absent if c not in present],
        }
    return audit, [p for p, found in audit.items() if found["missing"]]


def audit_problems(audit: dict[str, Any], incomplete: list[str], file: str, sheet: str) -> list[Problem]:
    """One warning a period that lacks provinces, naming them; one a period with a place that cannot have a value."""
    problems = [_unexpected(period, found["unexpected"], file, sheet) for period, found in audit.items() if found["unexpected"]]
    for period in incomplete:
        found = audit[period]
        names = {f"names_{lang}": ", ".join(geo.name(code, lang) for code in found["missing"]) for lang in ("th", "en")}
        problems.append(
            Problem(
                "warning",
                "incomplete",
                N_("{period} is incomplete: {n} of {expected} places are missing ({names})"),
                N_("Ask the agency for the rest; the period is shown as incomplete, never as a fall"),
                {"period": period, "n": len(found["missing"]), "expected": found["expected"], **names},
                file,
                sheet,
                found=str(found["present"]),
                expected=str(found["expected"]),
            )
        )
    return problems


def _unexpected(period: str, codes: list[str], file: str, sheet: str) -> Problem:
    names = {f"names_{lang}": ", ".join(geo.name(code, lang) for code in codes) for lang in ("th", "en")}
    return Problem(
        "warning",
        "unexpected_place",
        N_("{period} has a value for {names}, where there is none by law"),
        N_("Look whether the row is of another place; if it is wrong, delete it or leave it out"),
        {"period": period, **names},
        file,
        sheet,
        found=", ".join(codes),
    )
