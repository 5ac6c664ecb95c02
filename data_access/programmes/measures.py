"""Measures that stewards declare: indicators of values that agencies report, without code.

A declaration is a row of the contract's table `measure`: made in a draft, published and brought back with the values that it explains.
Its id stands for one thing forever, so what a value *is* (kind, unit, how it adds up, period) is settled once values are loaded under
it; words may be put better, which makes the next version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Literal, cast

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema
from data_access.contract.errors import SamoephakError
from data_access.programmes.base import REPORTED, REPORTED_TABLE, Indicator, Kind
from data_access.programmes.indicators import REGISTRY
from data_access.store.engines import columns_of, read_frame, remembered
from data_access.store.releases import Release, list_releases, reader, served_release

PLACES = ("nation", "region", "province", "district", "subdistrict", "lao", "school", "centre")
KINDS: dict[str, Kind] = {"persons": "count", "things": "count", "money": "money", "rate": "rate", "mean": "mean"}
UNIT_OF = {"money": ("บาท", "baht"), "rate": ("ร้อยละ", "%")}
"""Kind -> its only unit: what a file states in millions or as a share is brought to it when it is loaded."""
UNIT_WORDS = {
    "คน": "persons",
    "ราย": "persons",
    "แห่ง": "places",
    "ครั้ง": "times",
    "คดี": "cases",
    "วัน": "days",
    "คะแนน": "points",
    "ครัวเรือน": "households",
    "ไร่": "rai",
}
"""Thai unit -> its English word, where nobody gave another."""
HOW_IT_ADDS_UP = {
    "sum": ("ผลรวมของค่าที่หน่วยงานรายงาน", "Sum of the values reported"),
    "weighted": ("ค่าเฉลี่ยถ่วงน้ำหนักด้วย {th}", "Mean weighted by {en}"),
    "never": ("ค่าตามที่รายงานของแต่ละพื้นที่ ไม่รวมเป็นของพื้นที่ที่ใหญ่กว่า", "As reported by each place; never added up to a wider one"),
}
FORMULAS = {"sum": "Σ x", "weighted": "Σ (x × w) ÷ Σ w", "never": "x"}


@dataclass(frozen=True)
class Measure:
    """One declaration; the attributes are the columns of `schema.measure`, where an empty text stands for none."""

    measure_id: str
    title_th: str
    title_en: str
    short_th: str
    short_en: str
    unit_th: str
    unit_en: str
    kind: str
    adds_up: str
    period_type: str
    source: str
    weight: str = ""
    direction: str = "neither"
    splits: str = ""
    outside: str = ""
    headings: str = ""
    caveat_th: str = ""
    caveat_en: str = ""
    version: int = 1
    retired: dt.date | None = None

    @property
    def known_by(self) -> tuple[tuple[str, str], ...]:
        """The sheet (empty for any) and the heading of each line of `headings`, as spreadsheets write both: `sheet!heading`."""
        return tuple(
            (sheet if bang else "", heading if bang else line)
            for line in self.headings.splitlines()
            for sheet, bang, heading in [line.partition("!")]
        )

    @property
    def indicator(self) -> Indicator:
        """The measure as an entry of the registry."""
        th, en = HOW_IT_ADDS_UP[self.adds_up]
        weight = REGISTRY.get(self.weight) if self.weight else None
        names = {"th": weight.title_th if weight else self.weight, "en": weight.title_en if weight else self.weight}
        return Indicator(
            self.measure_id,
            self.short_th,
            self.short_en,
            self.unit_en if self.unit_en == "%" or self.kind == "money" else f"{self.unit_th}|{self.unit_en}",
            KINDS[self.kind],
            REPORTED,
            "value",
            f"{self.title_th} · {th.format(**names)}",
            f"{self.title_en} · {en.format(**names)}",
            FORMULAS[self.adds_up],
            denominator=None if self.adds_up == "sum" else "weight",
            direction=cast(Literal["up", "down", "neither"], self.direction),
            person=self.kind == "persons",
            periods=(self.period_type,),
            places=PLACES,
            dims=parts(self.splits),
            source=self.source,
            caveat_th=self.caveat_th,
            caveat_en=self.caveat_en,
            synonyms=tuple(dict.fromkeys([*(h for _, h in self.known_by if h), self.title_th, self.title_en])),
            outside=parts(self.outside),
            adds_up=cast(Literal["sum", "weighted", "never"], self.adds_up),
            weight=self.weight,
            table=REPORTED_TABLE,
            retired=self.retired.isoformat() if self.retired else "",
        )


def parts(text: str) -> tuple[str, ...]:
    """What stands in a text between commas."""
    return tuple(p.strip() for p in text.split(",") if p.strip())


# ---- reading -------------------------------------------------------------------------------------------------------------
def measures_of(connection: sa.Connection) -> tuple[Measure, ...]:
    """The declarations behind a connection to a draft or a release, by id; none where the release is older than they are."""
    if not columns_of(connection, "measure"):
        return ()
    return _measures(read_frame(connection, sa.select(schema.measure)))


def _measures(frame: pd.DataFrame) -> tuple[Measure, ...]:
    """Rows of the table as declarations."""
    names = [f.name for f in fields(Measure)]
    rows = frame[names].astype(object).where(frame[names].notna(), None).to_dict("records")
    return tuple(sorted((_measure(row) for row in rows), key=lambda m: m.measure_id))


def _measure(row: dict[Any, Any]) -> Measure:
    retired = row.pop("retired", None)
    known: dict[str, Any] = {k: v if v is not None else "" for k, v in row.items()}
    day = None if retired is None or pd.isna(retired) else pd.Timestamp(retired).date()
    return Measure(**{**known, "version": int(known["version"]), "retired": day})


def of_release(release_id: str | None = None) -> tuple[Measure, ...]:
    """The declarations of a release; of the served one without an id."""
    release_id = release_id or getattr(served_release()[0], "id", None)
    if release_id is None:
        return ()
    with reader(release_id).connect() as connection:
        return remembered(connection, measures_of)


def ever() -> tuple[Measure, ...]:
    """The declarations of every release, newest first; an id stays that of one thing when an older release is brought back."""
    return tuple(m for release in list_releases() for m in of_sealed(release))


def of_sealed(release: Release) -> tuple[Measure, ...]:
    """The declarations of a release, remembered; none of one that is damaged."""
    try:
        return _sealed(release.id, release.checksum)
    except (SamoephakError, OSError, sa.exc.SQLAlchemyError):  # a damaged release is told where it is read
        return ()


@lru_cache(maxsize=512)
def _sealed(release_id: str, checksum: str) -> tuple[Measure, ...]:
    return of_release(release_id)


@lru_cache(maxsize=64)
def know(release_id: str, checksum: str) -> frozenset[str]:
    """Make what a release declares known to the registry, once; the ids. The checksum tells releases of one id in two directories apart."""
    return learn(of_release(release_id))


def learn(declared: Iterable[Measure]) -> frozenset[str]:
    """Make declarations known to the registry; their ids. Weights come first, so that what they weigh can name them."""
    found = sorted(declared, key=lambda m: m.adds_up == "weighted")
    for measure in found:
        REGISTRY.learn([(measure.version, measure.indicator)])
    return frozenset(m.measure_id for m in found)


def look() -> None:
    """Learn what the served release declares: an id that is not known yet may be of it."""
    with suppress(SamoephakError, OSError, sa.exc.SQLAlchemyError):  # a damaged release is told where it is read
        learn(of_release())


REGISTRY.look = look
