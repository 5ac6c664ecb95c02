"""Declaring measures: put into a draft, put better, retired, withdrawn. A declaration is published with the values that it explains."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields, replace
from typing import Any

import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema
from data_access.contract.errors import SamoephakError, UsageError
from data_access.contract.national_ids import masked
from data_access.programmes.base import REPORTED, Indicator
from data_access.programmes.indicators import OWN, REGISTRY
from data_access.programmes.measures import (
    UNIT_OF,
    UNIT_WORDS,
    Measure,
    ever,
    learn,
    look,
    measures_of,
    of_release,
    of_sealed,
    parts,
)
from data_access.publishing import drafts
from data_access.store.releases import list_releases, reader, served_release
from data_access.who import audit
from data_access.who.access import OPERATOR, STEWARD, Person
from i18n import N_

LONGEST = {f"{name}_{lang}": n for name, n in (("title", 200), ("short", 80), ("unit", 40)) for lang in ("th", "en")}
"""The letters that a name or unit may have: it stands on buttons, axes and in tables."""
_SETTLED = ("kind", "adds_up", "weight", "period_type", "splits", "unit_th", "unit_en")


def of_draft() -> tuple[Measure, ...]:
    """The declarations that a load finds: those of the draft in progress; where there is none, of the release that one would start from."""
    draft = drafts.draft_in_progress()
    if draft is None:
        served = served_release()[0]
        return of_release(served.id) if served and not served.demo else ()
    with draft.engine.connect() as connection:
        return measures_of(connection)


def _look() -> None:
    """What an id that is not known yet may be: of the served release, or of the draft."""
    look()
    with suppress(SamoephakError, OSError, sa.exc.SQLAlchemyError):  # a damaged draft is told where it is read
        learn(of_draft())


REGISTRY.look = _look


def declare(measure: Measure, by: Person = OPERATOR) -> Measure:
    """Put a new measure into the draft.

    Raises:
        UsageError: a field is missing or does not fit the others, or the id is taken. RoleError: `by` is no data steward.
    """
    return declare_all([measure], by)[0]


def declare_all(wanted: Sequence[Measure], by: Person = OPERATOR) -> list[Measure]:
    """Put new measures into the draft, all of them or none; one may weigh another."""
    by.require(STEWARD)
    first = [_checked(replace(m, version=1, retired=None)) for m in wanted if m.adds_up != "weighted"]
    weighing = {m.measure_id: m.indicator for m in first}
    clean = first + [_checked(replace(m, version=1, retired=None), weighing) for m in wanted if m.adds_up == "weighted"]
    ids, there = Counter(m.measure_id for m in clean), taken()
    for measure in clean:
        if measure.measure_id in there or ids[measure.measure_id] > 1:
            raise UsageError(N_("{id} is the id of another indicator already; choose another"), id=measure.measure_id)
    return _written(clean, "measure_declared", "", by)


def withdraw(measure_id: str, by: Person = OPERATOR) -> Measure:
    """Take a measure that has no values, and never was published, out of the draft again.

    Raises:
        UsageError: there is no such measure, or it has values or was published: then it is retired. RoleError: `by` is no data steward.
    """
    by.require(STEWARD)
    old = _found(measure_id)
    if _has_values(measure_id) or measure_id in {m.measure_id for m in ever()}:
        raise UsageError(N_("{id} has values or was published already, so it can only be retired"), id=measure_id)
    weighed = next((m for m in of_draft() if m.weight == measure_id), None)
    if weighed is not None:
        raise UsageError(N_("{id} weighs {other}; withdraw that one first"), id=measure_id, other=weighed.measure_id)
    drafts.open_draft().remove("measure", {"measure_id": measure_id}, old.title_th)
    audit.record(by, "measure_withdrawn", before=_words(old))
    return old


def change(measure_id: str, by: Person = OPERATOR, **words: Any) -> Measure:
    """Put words of a measure better, as its next version; what its values are is settled once it has any.

    Raises:
        UsageError: there is no such measure or field, or the field is settled. RoleError: `by` is no data steward.
    """
    by.require(STEWARD)
    old = _found(measure_id)
    for name in words:
        if name not in {f.name for f in fields(Measure)} - {"measure_id", "version", "retired"}:
            raise UsageError(N_("A measure has no field {name}"), name=name)
    settled = [n for n in _SETTLED if n in words and words[n] != getattr(old, n)]
    if settled and _has_values(measure_id):
        raise UsageError(
            N_("{id} has values already: {names} can no longer be changed. Declare another measure, and retire this one"),
            id=measure_id,
            names=", ".join(settled),
        )
    new = _checked(replace(old, **words, version=_next_version(old)))
    for other in of_draft():
        if other.weight == measure_id:
            _check_adding_up(other, {measure_id: new.indicator})
    return _written([new], "measure_changed", _words(old), by)[0]


def retire(measure_id: str, by: Person = OPERATOR) -> Measure:
    """Take in no more values of a measure from today; those that it has stay.

    Raises:
        UsageError: there is no such measure. RoleError: `by` is no data steward.
    """
    by.require(STEWARD)
    old = _found(measure_id)
    new = replace(old, version=_next_version(old), retired=dt.date.today())
    return _written([new], "measure_retired", _words(old), by)[0]


def proposed_id(title_en: str) -> str:
    """An id made of an English title that nothing has yet: `own.gross_provincial_product`."""
    words = re.sub(r"[^a-z0-9]+", "_", title_en.lower()).strip("_")[:36] or "measure"
    stem = OWN + (words if words[0].isalpha() else f"m_{words}")
    there = taken()
    return next(i for i in (stem, *(f"{stem}_{n}" for n in range(2, 1000))) if i not in there)


def taken() -> set[str]:
    """Every id that something has already: indicators of the house, and measures of the draft and of any release."""
    return {*REGISTRY.built_in, *(m.measure_id for m in (*of_draft(), *ever()))}


def _next_version(old: Measure) -> int:
    return 1 + max(m.version for m in (old, *ever()) if m.measure_id == old.measure_id)


def _found(measure_id: str) -> Measure:
    found = next((m for m in of_draft() if m.measure_id == measure_id), None)
    if found is None:
        raise UsageError(N_("There is no measure {id}; `measure list` lists them"), id=measure_id)
    return found


def _checked(measure: Measure, declared: Mapping[str, Indicator] | None = None) -> Measure:
    """The measure with its fields tidied; UsageError names the first that is missing or does not fit. `declared` may weigh it too."""
    texts: dict[str, Any] = {k: masked(_tidy(v, k)) for k, v in asdict(measure).items() if isinstance(v, str)}
    clean = replace(measure, **texts)
    clean = replace(
        clean, title_en=clean.title_en or clean.title_th, short_th=clean.short_th or clean.title_th[: LONGEST["short_th"]]
    )
    short_en = clean.short_th if clean.title_en == clean.title_th else clean.title_en[: LONGEST["short_en"]]
    clean = replace(clean, short_en=clean.short_en or short_en)
    clean = replace(clean, unit_en=clean.unit_en or UNIT_WORDS.get(clean.unit_th, clean.unit_th))
    if clean.kind in UNIT_OF:
        clean = replace(clean, unit_th=UNIT_OF[clean.kind][0], unit_en=UNIT_OF[clean.kind][1])
    for column in schema.measure.columns:
        _check(column, getattr(clean, column.name))
        longest = LONGEST.get(column.name)
        if longest and len(getattr(clean, column.name)) > longest:
            info = schema.contract(column)
            raise UsageError(N_("{name} is longer than {n} letters"), name=info.en, name_th=info.th, name_en=info.en, n=longest)
    _check_adding_up(clean, declared or {})
    for code in parts(clean.splits):
        if code not in schema.SPLIT:
            raise UsageError(N_("{found} is not one of {choices}"), found=code, choices=", ".join(schema.SPLIT))
    for code in parts(clean.outside):
        if not re.fullmatch(r"\d{2}", code):
            raise UsageError(N_("{found} is not the code of a province"), found=code)
    if "|" in clean.unit_th + clean.unit_en:
        raise UsageError(N_("{found} is not a unit in words"), found=clean.unit_th if "|" in clean.unit_th else clean.unit_en)
    return clean


def _tidy(text: str, name: str) -> str:
    """A text on one line (headings: one a line), without what cannot be seen: a database refuses some of it."""
    keep = "\n" if name == "headings" else ""
    seen = "".join(c for c in text if c in keep or c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
    return "\n".join(filter(None, map(str.strip, seen.splitlines()))) if keep else " ".join(seen.split())


def _check(column: sa.Column, value: Any) -> None:
    info = schema.contract(column)
    if value in ("", None):
        if not column.nullable:
            raise UsageError(
                N_("A measure needs {name} ({field})"), name=info.en, name_th=info.th, name_en=info.en, field=column.name
            )
    elif info.values and value not in info.values:
        raise UsageError(N_("{found} is not one of {choices}"), found=value, choices=", ".join(info.values))
    elif info.pattern and not re.fullmatch(info.pattern, str(value)):
        raise UsageError(
            N_("{found} cannot be the id of a measure; use own. and then small letters, digits and underscores"), found=value
        )


def _check_adding_up(measure: Measure, declared: Mapping[str, Indicator]) -> None:
    if measure.adds_up == "sum" and measure.kind in ("rate", "mean"):
        raise UsageError(N_("A rate or a mean is never a sum: it adds up weighted by another measure, or never"))
    if measure.adds_up != "sum" and measure.kind not in ("rate", "mean"):
        raise UsageError(N_("Counts and money add up as a sum"))
    if (measure.adds_up == "weighted") != bool(measure.weight):
        raise UsageError(N_("A measure that adds up weighted names the measure that weighs it, and no other does"))
    if measure.weight:
        weight = declared.get(measure.weight) or REGISTRY.get(measure.weight)
        if weight is None or weight.family != REPORTED or weight.kind != "count":
            raise UsageError(N_("{id} cannot weigh: it has to be a count that agencies report"), id=measure.weight)
        if measure.period_type not in weight.periods:
            raise UsageError(
                N_("{id} cannot weigh: it has values by {has}, and this measure by {kind}"),
                id=measure.weight,
                has=", ".join(weight.periods),
                kind=measure.period_type,
            )


def _has_values(measure_id: str) -> bool:
    """Whether the draft, or any release that declares a measure, has values of it."""
    draft = drafts.draft_in_progress()
    values = schema.reported_value
    statement = sa.select(values.c.indicator).where(values.c.indicator == measure_id).limit(1)
    declaring = (r.id for r in list_releases() if measure_id in {m.measure_id for m in of_sealed(r)})
    for engine in (*([draft.engine] if draft else []), *map(reader, declaring)):
        with engine.connect() as connection:
            if connection.execute(statement).first() is not None:
                return True
    return False


def _words(measure: Measure) -> str:
    return f"{measure.measure_id} · {measure.version} · {measure.title_th}"


def _written(wanted: Sequence[Measure], action: str, before: str, by: Person) -> list[Measure]:
    draft = drafts.open_draft()
    draft.upsert("measure", pd.DataFrame([asdict(m) for m in wanted]), ", ".join(m.title_th for m in wanted)[:200])
    learn(wanted)
    audit.record(by, action, draft.id, before=before, after="; ".join(map(_words, wanted)))
    return list(wanted)
