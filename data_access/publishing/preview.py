"""What a draft would publish, before it does: of each table and measure that files were loaded into its rows, places, periods and numbers.

The numbers are worked out by the summaries and the answers that pages read, so disclosure control has been applied; nothing is written.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data_access.analysis.quality import rows_shown
from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.contract.periods import period_type
from data_access.contract.placing import placed
from data_access.contract.settings import settings
from data_access.programmes.indicators import REGISTRY, Indicator
from data_access.publishing.drafts import Draft, alone
from data_access.publishing.summaries import previewed
from data_access.questions import cells
from data_access.questions.query import answer
from data_access.questions.senders import in_question
from data_access.store.engines import forget, read_frame
from data_access.store.releases import store
from i18n import N_, format_number, format_value, gettext

PLACED = ("province", "district", "subdistrict")
MOST_ROWS = 3_000_000
"""Rows of a table up to which its numbers are worked out: a few seconds."""
EMPTY = pd.DataFrame(columns=["period", "value", "state", "flag"])


@dataclass(frozen=True)
class Part:
    """One table or measure of a draft.

    Attributes:
        kind: as for `load`; `indicator` is what its numbers are of, empty where there is none.
        rows: as `quality.rows_shown`.
        periods: those in the draft, oldest first; `period` is the newest of those that were loaded, `before` the one before that.
        present, expected, missing: provinces in `period`; of a table expected are those that sent in it or earlier.
        nation: the cells of the whole country, one a period.
        provinces: the cells of `before` and `period`, one a province.
        too_long: the table has more rows than numbers are worked out of before publishing.
    """

    kind: str
    table: str
    indicator: str
    rows: float
    periods: tuple[str, ...] = ()
    period: str = ""
    before: str = ""
    present: int = 0
    expected: int = 0
    missing: tuple[str, ...] = ()
    nation: pd.DataFrame = field(default_factory=lambda: EMPTY)
    provinces: pd.DataFrame = field(default_factory=lambda: EMPTY)
    too_long: bool = False

    def cell(self, period: str) -> dict[str, Any]:
        """The cell of the whole country in a period; not collected where there is none."""
        rows = self.nation[self.nation["period"] == period]
        return (
            {str(k): v for k, v in rows.iloc[0].items()}
            if len(rows)
            else {"value": None, "state": cells.NOT_COLLECTED, "flag": ""}
        )

    def to_json(self) -> dict[str, Any]:
        """With stable keys, documented in `docs/command-line.md`."""
        return {
            "kind": self.kind,
            "indicator": self.indicator or None,
            "rows": None if pd.isna(self.rows) else self.rows,
            "periods": list(self.periods),
            "period": self.period or None,
            "places": self.present,
            "expected": self.expected,
            "missing": list(self.missing),
            "total": self._told(self.period),
            "before": {"period": self.before, **self._told(self.before)} if self.before else None,
        }

    def _told(self, period: str) -> dict[str, Any]:
        found = self.cell(period)
        value = found["value"] if found["state"] in cells.TOLD and pd.notna(found["value"]) else None
        return {"value": value, "state": found["state"], "flag": found["flag"]}


def parts(draft: Draft) -> tuple[Part, ...]:
    """The tables and measures that were loaded into a draft, in the order of the first load."""
    return _parts(draft.id, draft.version, settings().disclosure_threshold, dt.date.today())


@lru_cache(maxsize=4)
def _parts(draft_id: str, _version: int, _threshold: int, today: dt.date) -> tuple[Part, ...]:
    """Remembered by the version: what is on a screen does not change while somebody only looks."""
    draft = Draft(draft_id, store().draft(draft_id))
    forget(draft.engine)
    try:
        with alone(), draft.engine.connect() as connection, connection.begin() as work:
            found = [_without_numbers(connection, kind, newest) for kind, newest in _kinds(connection, draft).items()]
            families = {REGISTRY[p.indicator].family for p in found if p.indicator}
            previewed(connection, families)
            out = tuple(_with_numbers(connection, part, today) if part.indicator else part for part in found)
            work.rollback()
        return out
    finally:
        forget(draft.engine)


def _kinds(connection: sa.Connection, draft: Draft) -> dict[str, str]:
    """What was loaded -> its newest period that was; a load without a kind is of its table, of reported values of every indicator there."""
    found: dict[str, str] = {}
    for entry in draft.log:
        kinds = entry.get("kinds") or {entry["table"]: ()}
        if "reported_value" in kinds:
            rows = connection.execute(sa.select(schema.reported_value.c.indicator).distinct().order_by("indicator")).scalars()
            kinds = {f"reported:{i}": () for i in rows}
        for kind, periods in kinds.items():
            found[kind] = max([found.get(kind, ""), *periods])
    return found


def _without_numbers(connection: sa.Connection, kind: str, newest: str) -> Part:
    """A part with its rows, periods and provinces."""
    _reported, _colon, indicator_id = kind.partition(":")
    name = "reported_value" if indicator_id else kind
    table = schema.TABLES[name]
    mine = table.c.indicator == indicator_id if indicator_id else sa.true()
    rows = connection.execute(sa.select(sa.func.count()).select_from(table).where(mine)).scalar_one()
    sent = _sent(connection, table, indicator_id)
    periods = tuple(sorted(set(sent["period"]) - {""}))
    period = newest if newest in periods else next(reversed(periods), "")
    present = set(sent.loc[sent["period"] == period, "province"])
    indicator = REGISTRY.get(indicator_id) if indicator_id else _indicator_of(name)
    if indicator_id and indicator and period:
        expected = set(in_question(_provinces(connection), [period], indicator)["province_code"])
    else:
        expected = set(sent.loc[sent["period"] <= period, "province"])
    too_long = rows > MOST_ROWS
    return Part(
        kind,
        name,
        indicator.id if indicator and period and not too_long else "",
        rows_shown(name, rows),
        periods,
        period,
        next((p for p in reversed(periods) if p < period and period_type(p) == period_type(period)), ""),
        len(present & expected),
        len(expected),
        tuple(sorted(expected - present)),
        too_long=too_long,
    )


def _provinces(connection: sa.Connection) -> pd.DataFrame:
    return read_frame(connection, sa.select(schema.province.c.province_code))


def _indicator_of(table: str) -> Indicator | None:
    """What the numbers of a table are shown of: a count of persons by province where there is one."""
    fits = [i for i in REGISTRY.values() if i.table == table and i.periods and "province" in i.places and not i.each]
    return min(fits, key=lambda i: (i.kind != "count", not i.person), default=None)


def _sent(connection: sa.Connection, table: sa.Table, indicator: str) -> pd.DataFrame:
    """province and period of the rows of a table; without a row where it names no place."""
    period = next((table.c[c] for c in schema.PERIOD_COLUMNS if c in table.c), None)
    when = sa.literal("") if period is None else sa.cast(period, sa.Text)
    statement = placed(table, when.label("period"))
    if indicator:
        values = table.c
        statement = statement.where(values.indicator == indicator, values.place_level.in_(PLACED), values.value.is_not(None))
    found = read_frame(connection, statement.distinct()).dropna(subset=["province"]).astype(str)
    if period is not None and period.name == "academic_year":
        found["period"] = "AY" + found["period"]
    return found


def _with_numbers(connection: sa.Connection, part: Part, today: dt.date) -> Part:
    """The same with the cells of the country by period, and of the provinces in the last two."""
    indicator, key = REGISTRY[part.indicator], period_type(part.period)
    if key not in indicator.periods:
        return part
    shown = [p for p in (part.before, part.period) if p]
    try:
        nation = answer(connection, indicator, (key,), (), today)
        provinces = answer(connection, indicator, ("province", key), ((key, tuple(shown)),), today)
    except UsageError:  # nothing of it is answered by province
        return part
    return replace(part, nation=nation, provinces=provinces)


def words(part: Part, lang: str) -> str:
    """A part in one line, for a terminal."""
    rows = gettext(N_("few"), lang) if pd.isna(part.rows) else format_number(part.rows, lang)
    said = [gettext(N_("{kind}: {rows} rows"), lang, kind=part.kind, rows=rows)]
    if part.expected:
        said.append(gettext(N_("{n} of {expected} provinces"), lang, n=part.present, expected=part.expected))
    said += [f"{period} {_number(part, period, lang)}" for period in (part.before, part.period) if period and part.indicator]
    return " · ".join(said)


def _number(part: Part, period: str, lang: str) -> str:
    """The number of the country in a period, or its state."""
    cell, indicator = part.cell(period), REGISTRY[part.indicator]
    told = cell["state"] in cells.TOLD and pd.notna(cell["value"])
    return format_value(cell["value"], indicator.kind, lang, indicator.unit, with_unit=True) if told else str(cell["state"])
