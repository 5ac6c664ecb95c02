"""Places by periods as a grid of coloured cells: how much of what was expected has come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from charts import places
from charts.style import Style
from i18n import N_, format_number, format_percent, format_period

# share from which a class begins; a boundary value belongs to the class that it begins
CLASSES = (
    (0.0, N_("Nothing sent")),
    (1e-9, N_("Under 50%")),
    (0.5, N_("50% to under 80%")),
    (0.8, N_("80% to under 95%")),
    (0.95, N_("95% to under 100%")),
    (1.0, N_("Complete")),
)
NOT_EXPECTED = N_("Nothing expected")


def _colours(style: Style) -> list[str]:
    return [style.palette.alert, *style.palette.good]


def completeness_grid(frame: pd.DataFrame, style: Style, *, title: str, selected: str | None = None) -> dict[str, Any]:
    """One row a province, one column a period, coloured by the share sent; where nothing is expected the cell stays empty.

    Args:
        frame: province, period, sent, expected, share, state of some provinces, in the order to be drawn.
        selected: a province whose row is marked.

    Returns:
        For `static/board/grid.js`: `heads`, the periods; `rows`, each [code, name, cells]; a cell is [class or none, words]; `colours`,
        one a class; `selected`, `alt`.
    """
    codes, periods = list(dict.fromkeys(frame["province"])), sorted(frame["period"].unique())
    found = {(r["province"], r["period"]): [_grade(r["share"]), _words(r, style)] for r in frame.to_dict("records")}
    nothing = [None, style.text(NOT_EXPECTED)]
    rows = [[c, places.name(c, style.lang), [found.get((c, p), nothing) for p in periods]] for c in codes]
    return {
        "heads": [format_period(p) for p in periods],
        "rows": rows,
        "colours": _colours(style),
        "selected": selected,
        "alt": _alt(frame, title, style),
    }


def completeness_legend(style: Style) -> list[tuple[str, str]]:
    """The classes of `completeness_grid`: (colour, words), from nothing sent to complete, and where nothing is expected."""
    names = [*(words for _start, words in CLASSES), NOT_EXPECTED]
    return [(c, style.text(n)) for n, c in zip(names, [*_colours(style), style.palette.not_collected], strict=True)]


def _grade(share: float) -> int | None:
    """The class of a share, none where nothing is expected."""
    return None if pd.isna(share) else sum(share >= start for start, _words in CLASSES) - 1


def _words(row: Mapping[Any, object], style: Style) -> str:
    if not row["expected"]:
        return style.text(NOT_EXPECTED)
    return style.text(
        N_("{sent} of {expected} sent ({share})"),
        sent=format_number(float(str(row["sent"])), style.lang),
        expected=format_number(float(str(row["expected"])), style.lang),
        share=format_percent(float(str(row["share"])), style.lang),
    )


def _alt(frame: pd.DataFrame, title: str, style: Style) -> str:
    counts: Sequence[int] = [int((frame["state"] == s).sum()) for s in ("complete", "partial", "none", "not_expected")]
    return style.text(
        N_("{title}: {complete} cells complete, {partial} partial, {none} without anything, {nothing} where nothing is expected"),
        title=title,
        complete=counts[0],
        partial=counts[1],
        none=counts[2],
        nothing=counts[3],
    )
