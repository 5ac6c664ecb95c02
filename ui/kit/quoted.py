"""Series that others published, quoted beside ours with their sources; never computed, never mixed."""

from __future__ import annotations

from collections.abc import Sequence

from charts.published import published_lines
from charts.style import Style
from charts.theme import Chart, Measure
from i18n import N_
from ui.blocks import blocks
from ui.kit import data, downloads, linked, provenance
from ui.kit.filters import Filters
from ui.view.text import _, style

ZERO_DROPOUT = ("zero_dropout.stock", "zero_dropout.new")
TESTS = {
    "nt": (N_("NT, primary 3"), ("nt.p3.literacy", "nt.p3.numeracy")),
    "onet_p6": (N_("O-NET, primary 6"), ("onet.p6.thai", "onet.p6.maths", "onet.p6.science", "onet.p6.english")),
    "onet_m3": (N_("O-NET, lower secondary 3"), ("onet.m3.thai", "onet.m3.maths")),
    "pisa": (N_("PISA, age 15"), ("pisa.reading", "pisa.maths", "pisa.science")),
}
"""National tests: code -> title and its series; each test has a scale of its own, so each has a figure of its own."""


def panel(key: str, series: Sequence[str], filters: Filters, title: str) -> None:
    """Published series beside ours, never mixed with them, with their sources."""
    rows = data.table("published_series")
    rows = rows[rows["series"].isin(series)]
    if rows.empty:
        blocks.note(_("No published series has been supplied."), "info")
        return
    first = rows.drop_duplicates("series").set_index("series")
    names = {s: str(first.loc[s, f"title_{filters.lang}"]) for s in series if s in first.index}
    measure = Measure(key, title, str(first["unit"].iloc[0]), "count" if first["unit"].iloc[0] == "persons" else "mean")

    def draw(drawn_style: Style) -> Chart:
        return published_lines(rows, measure, drawn_style, names=names, title=title)

    linked.chart(draw(style()), key)
    for note in dict.fromkeys(rows[f"note_{filters.lang}"].dropna()):
        blocks.caption(note)
    sources = "; ".join(dict.fromkeys(rows["source"]))
    blocks.caption(_("Quoted, not computed. Sources: {sources}", sources=sources), key=f"quoted_{key}")
    table = rows.assign(series=rows["series"].map(names))[["series", "year", "segment", "value", "as_of", "source"]]
    table.columns = [_("Series"), _("Year"), _("Comparable segment"), _("Value"), _("As of"), _("Source")]
    downloads.menu(key, table, provenance.context((), filters, title), draw)
