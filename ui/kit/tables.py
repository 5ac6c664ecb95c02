"""Tables of cells for the screen and for export: states in words, never a nought for a hidden value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

import geo
from charts.style import Style
from charts.theme import PROVISIONAL, TOLD, Measure, floored, state_words
from data_access.contract import schema
from data_access.contract.periods import PERIOD_KEYS, parse_period
from data_access.programmes import splits
from i18n import N_, gettext
from ui.blocks import blocks
from ui.view.text import _, lang

KEY_NAMES = {
    **{key: s.label for key, s in splits().items()},
    "province": N_("Province"),
    "semester": N_("Period"),
    "academic_year": N_("Period"),
    "fiscal_year": N_("Period"),
    "calendar_year": N_("Period"),
    "sex": N_("Sex"),
    "level": N_("Level"),
    "tier": N_("Poverty tier"),
    "disability": N_("Disability"),
    "district": N_("District"),
    "subdomain": N_("Sub-domain"),
    "school": N_("School"),
    "region4": N_("Region"),
    "region6": N_("Region"),
    "nesdc": N_("Region"),
    "pilot_set": N_("Pilot set"),
    "centre": N_("Centre"),
    "group_code": N_("Group"),
    "group_kind": N_("Group kind"),
    "subject": N_("Subject"),
    "grade": N_("Grade"),
    "subdistrict": N_("Sub-district"),
    "lao": N_("Local authority"),
    "series": N_("Line"),
    "age_group": N_("Age group"),
    "arm": N_("Arm"),
    "area": N_("Town or country"),
    "rate": N_("Rate"),
    "fortnight": N_("Fortnight"),
    "band": N_("Score"),
    "focus": N_("Area of focus"),
    "cohort": N_("Cohort"),
    "stage": N_("Stage"),
    "next_stage": N_("Stage the next year"),
    "outcome": N_("Outcome"),
    "link": N_("Pair of registers"),
}


def table_name(name: str) -> str:
    """A table of the contract in words."""
    return schema.TABLES[name].info[lang()]


INTERVALS = N_(
    "95% intervals take schools, centres or sub-districts as what varies by chance, since their pupils share a fate; those of the survey are its "
    "own. A number that one sender alone stands behind has none, and is called neither better nor worse."
)


def shown_value(value: float, measure: Measure) -> float:
    """A value in the unit a reader expects in a column: rates in per cent."""
    return value * 100 if measure.kind == "rate" else value


def export_table(
    frame: pd.DataFrame,
    by: Sequence[str],
    measures: Mapping[str, Measure],
    style: Style,
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> pd.DataFrame:
    """One row a cell: codes, names, value, unit, state, parts, interval and period, headings in words."""
    out: dict[str, list] = {}
    for key in by:
        words = [key_words(key, str(code), style.lang, names) for code in frame[key]]
        heading = style.text(KEY_NAMES[key])
        if key in ("province", "district"):
            out[style.text(N_("Code"))] = frame[key].astype(str).tolist()
        out[heading] = words
    out[style.text(N_("Indicator"))] = [measures[i].title for i in frame["indicator"]]
    out[style.text(N_("Value"))] = [
        shown_value(v, measures[i]) if s in TOLD else None
        for v, s, i in zip(frame["value"], frame["state"], frame["indicator"], strict=True)
    ]
    out[style.text(N_("Unit"))] = [measures[i].unit_name(style.lang) for i in frame["indicator"]]
    out[style.text(N_("State"))] = [state_words(s, style) or style.text(N_("Value")) for s in frame["state"]]
    for label, column in (
        (N_("Numerator"), "numerator"),
        (N_("Denominator"), "denominator"),
        (N_("Interval, low"), "low"),
        (N_("Interval, high"), "high"),
    ):
        if column in frame and frame[column].notna().any():
            rated = column in ("low", "high")
            out[style.text(label)] = [
                None if pd.isna(v) else shown_value(v, measures[i]) if rated else v
                for v, i in zip(frame[column], frame["indicator"], strict=True)
            ]
    if (frame["state"] == PROVISIONAL).any():
        sent = frame["came"].where(frame["state"] == PROVISIONAL)
        out[style.text(N_("Of those expected have sent (%)"))] = [None if pd.isna(c) else floored(c) * 100 for c in sent]
    if "period" in frame and not set(by) & set(PERIOD_KEYS):
        out[style.text(N_("Period"))] = [period_words(p, style.lang) for p in frame["period"]]
    if frame["flag"].astype(bool).any():
        out[style.text(N_("Flag"))] = frame["flag"].tolist()
    return pd.DataFrame(out)


def key_words(key: str, code: str, lang: str, names: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """A code of a breakdown in words."""
    from ui.kit.filters import CODES
    from ui.view.filter_table import region_name

    if names and key in names:
        return names[key].get(code, code)
    if key in ("province", "district"):
        return geo.name(code, lang)
    if key in PERIOD_KEYS:
        return period_words(code, lang)
    if key in ("region4", "region6", "nesdc"):
        return region_name(key, code, lang)
    if key in CODES:
        return gettext(CODES[key].get(code, code), lang)
    return code


def period_words(code: str, lang: str) -> str:
    """A period code in words; empty stays empty."""
    return parse_period(code).label(lang) if code else ""


def show_table(key: str, table: pd.DataFrame, alt: str, **choosing: Any) -> None:
    """A sortable table to read; `choosing` as for `blocks.table`."""
    blocks.table(key, table, alt, lang(), _("Show the other rows"), **choosing)
