"""What the draft would publish: of each table and measure its rows, places, periods and numbers, a small map and the trend; and what was answered."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

import geo
from charts import board
from charts.lines import lines
from charts.theme import cell_words
from data_access.contract.omissions import omission
from data_access.contract.periods import period_type, without_gaps
from data_access.importing.missing_rows import MissingRows
from data_access.publishing import drafts, preview
from data_access.publishing.preview import Part
from i18n import N_, format_number, format_period
from ui.blocks import blocks, components
from ui.data_desk import leaving_out, missing
from ui.kit import data, words
from ui.view.text import _, lang, style

TREND_HEIGHT = 280
MOST_NAMES = 12
FLAGS = {
    "incomplete": N_("some provinces sent nothing"),
    "partial": N_("hidden places left out"),
    "small_sample": N_("small sample"),
}


def parts(draft: drafts.Draft) -> None:
    """Every part of the draft that files were loaded into."""
    with st.spinner(_("Adding up what the draft would publish")):
        found = preview.parts(draft)
    for part in found:
        with st.container(border=True):
            _part(part)


def _part(part: Part) -> None:
    st.subheader(words.kind_name(part.kind), anchor=False)
    numbers = [(_("Rows in the draft"), words.rows(part.rows))]
    if part.expected:
        n, expected = format_number(part.present, lang()), format_number(part.expected, lang())
        numbers.append((_("Provinces"), _("{n} of {expected}", n=n, expected=expected)))
    if part.periods:
        numbers.append((_("Periods"), _periods(part)))
    with st.grid(columns=len(numbers), min_column_width=150):
        for label, number in numbers:
            st.metric(label, number)
    if part.missing:
        st.caption(
            _(
                "Nothing for {period} from: {places}",
                period=words.period(part.period),
                places=words.places(part.missing, MOST_NAMES),
            )
        )
    if part.too_long:
        st.caption(_("A table of this length is added up when it is published."))
    if part.indicator and not part.nation.empty:
        _numbers(part)


def _periods(part: Part) -> str:
    first, last = format_period(part.periods[0]), format_period(part.periods[-1])
    count = format_number(len(part.periods), lang())
    return first if len(part.periods) == 1 else f"{count} · {first} – {last}"


def _numbers(part: Part) -> None:
    """The number of the country beside that of the period before, a map of each, and all periods as a line."""
    measure, key = data.measure(part.indicator, lang()), period_type(part.period)
    shown = [p for p in (part.before, part.period) if p]
    st.markdown(f"**{measure.title}**")
    alone = data.indicator(part.indicator).adds_up == "never"
    if alone:
        st.caption(_("Told of each place, and never added up."))
    for period in () if alone else reversed(shown):
        cell = part.cell(period)
        flag = f" · {_(FLAGS[cell['flag']])}" if cell["flag"] in FLAGS else ""
        st.markdown(f"{words.period(period)}: **{cell_words(cell, measure, style())}**{flag}")
    panels = [(words.period(p), part.provinces[part.provinces[key] == p]) for p in shown]
    trend = part.nation.rename(columns={key: "x"}).assign(series="country")
    codes = without_gaps(part.nation[key])
    slug = part.kind.replace(":", "_").replace(".", "_")
    with blocks.together(f"draft_{slug}"):
        left, right = blocks.columns(2)
        with left:  # provinces of a draft cannot be chosen: no page shows them yet
            components.maps(f"draft_map_{slug}", board.maps(panels, measure, style()))
        if alone:
            return
        with right:
            labels, country = {c: format_period(c) for c in codes}, {"country": _("Whole country")}
            drawing = lines(trend, measure, style(), labels=labels, series_names=country, height=TREND_HEIGHT)
            components.lines(f"draft_trend_{slug}", drawing)


# ---- what was answered ----------------------------------------------------------------------------------------------
def answered(draft: drafts.Draft) -> None:
    """Every question that was answered for the files of the draft: warnings, names, values typed, rows left out."""
    rows = [row for entry in draft.log for row in _answers(entry)]
    count = len(rows) + sum(len(entry.get("left_out", ())) for entry in draft.log)
    if not count:
        return
    with st.expander(_("What was answered ({n})", n=format_number(count, lang())), icon=":material/fact_check:", expanded=True):
        if rows:
            frame = pd.DataFrame(rows, columns=[_("File"), _("Question"), _("Answer")])
            st.dataframe(frame, hide_index=True, key="data_draft_answers", alt=_("What was answered for the files of the draft"))
        for entry in draft.log:
            if left_out := [omission(kept) for kept in entry.get("left_out", ())]:
                key = f"data_draft_left_out_{entry['at']}_{entry['source']}"
                leaving_out.told(left_out, entry.get("sums", {}), key, entry["source"])


def _answers(entry: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    source = entry["source"]
    for code, reason in entry.get("accepted", {}).items():
        yield source, _(words.WARNINGS.get(code, code)), reason
    for name, code in entry.get("names", {}).items():
        yield source, _("The place “{name}”", name=name), geo.name(code, lang())
    for field, text in entry.get("values", {}).items():
        yield source, _("{field}: one value for all rows", field=words.field_name(entry["table"], field)), text
    if lacks := entry.get("missing"):
        rows = MissingRows(math.nan if lacks["rows"] is None else lacks["rows"], tuple(lacks["places"]), tuple(lacks["periods"]))
        yield source, missing.told(rows), _(missing.CHOICES[lacks["choice"]])
