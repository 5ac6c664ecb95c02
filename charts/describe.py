"""Three sentences from the data of a figure: level, spread, where it began; for screen readers, exports and slides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from charts import places as names
from charts.classes import unclear
from charts.style import Style
from charts.theme import INCOMPLETE, NOT_COLLECTED, OLDER, PROVISIONAL, SHOWN, SUPPRESSED, Measure, cell_words, shown
from i18n import N_, format_number

TIES = 3  # places with the same number at an end, told by name


def places(
    frame: pd.DataFrame,
    measure: Measure,
    style: Style,
    selected: str | None = None,
    what: str = N_("provinces"),
    diverging: bool = False,
) -> str:
    """A map or a ranking of provinces, or of places of another kind (`what`), in words; `diverging` as for `province_map`."""
    drawn = shown(frame)
    if drawn.empty:
        return " ".join(
            [
                style.text(N_("{title}: none of the {what} has a value to show."), title=measure.title, what=style.text(what)),
                *_states(frame["state"], style, what),
            ]
        )
    sentences = [
        *_spread(drawn, measure, style, what),
        *_unclear(drawn, style, what, diverging),
        *_states(frame["state"], style, what),
    ]
    if selected and (row := frame[frame["province"] == selected]).shape[0]:
        sentences.append(
            style.text(
                N_("Selected: {place}, {value}."),
                place=names.name(selected, style.lang),
                value=cell_words(row.iloc[0], measure, style),
            )
        )
    return " ".join(sentences)


def series(
    rows: Sequence[Mapping[Hashable, Any]], label: str, measure: Measure, style: Style, period_words: dict[str, str]
) -> str:
    """A line over time in words; rows have `x` (period codes in order), value and state."""
    drawn = [row for row in rows if row["state"] in SHOWN and pd.notna(row["value"])]
    states = [str(row["state"]) for row in rows]
    if not drawn:
        return " ".join(
            [
                style.text(N_("{title}: no period has a value to show."), title=label or measure.title),
                *_states(states, style, N_("periods")),
            ]
        )
    first, last = drawn[0], drawn[-1]
    low, high = (end(drawn, key=lambda row: row["value"]) for end in (min, max))

    def said(row: Mapping[Hashable, Any]) -> dict[str, str]:
        return {"value": measure.words(row["value"], style.lang), "period": period_words.get(row["x"], str(row["x"]))}

    sentences = [style.text(N_("{title}: {value} in {period}."), title=label or measure.title, **said(last))]
    if said(low)["value"] != said(high)["value"]:
        sentences.append(
            style.text(
                N_("It ranged from {low} ({low_period}) to {high} ({high_period})."),
                low=said(low)["value"],
                low_period=said(low)["period"],
                high=said(high)["value"],
                high_period=said(high)["period"],
            )
        )
    if len(drawn) > 1:  # not the difference: who sent, and by which rule, need not be the same at both ends
        sentences.append(style.text(N_("In {period} it was {value}."), **said(first)))
    return " ".join([*sentences, *_states(states, style, N_("periods"))])


def finding_over_time(
    rows: Sequence[Mapping[Hashable, Any]], label: str, measure: Measure, style: Style, period_words: Mapping[str, str]
) -> str:
    """Where a line stands now and where it began, without a difference between them; empty without two numbers. Rows as for `series`."""
    drawn = [row for row in rows if row["state"] in SHOWN and pd.notna(row["value"])]
    if len(drawn) < 2:
        return ""
    first, last = ((measure.words(r["value"], style.lang), period_words.get(r["x"], str(r["x"]))) for r in (drawn[0], drawn[-1]))
    return style.text(
        N_("{title}: {value} in {period} ({first} in {first_period})"),
        title=label or measure.title,
        value=last[0],
        period=last[1],
        first=first[0],
        first_period=first[1],
    )


def finding_of_places(frame: pd.DataFrame, measure: Measure, style: Style) -> str:
    """The places at the end that matters: the lowest, or the highest where less is better; empty where all print alike."""
    drawn = shown(frame)
    words = drawn["value"].map(lambda v: measure.words(v, style.lang))
    if words.nunique() < 2:
        return ""
    worst = words[drawn["value"].idxmax() if measure.direction == "down" else drawn["value"].idxmin()]
    sentence = (
        N_("{title}: highest in {places}, {value}") if measure.direction == "down" else N_("{title}: lowest in {places}, {value}")
    )
    return style.text(sentence, title=measure.title, places=_listed(drawn.loc[words == worst, "province"], style), value=worst)


def _spread(drawn: pd.DataFrame, measure: Measure, style: Style, what: str) -> list[str]:
    """How many places have a value, where the middle and the ends lie; places that print alike are told as such."""
    words = drawn["value"].map(lambda v: measure.words(v, style.lang))
    ordered = words[drawn["value"].sort_values().index]
    low, high, middle = ordered.iloc[0], ordered.iloc[-1], measure.words(float(drawn["value"].median()), style.lang)
    about = {"title": measure.title, "what": style.text(what), "n": format_number(len(drawn), style.lang)}
    if len(drawn) == 1:
        place = names.name(drawn["province"].iloc[0], style.lang)
        return [style.text(N_("{title}: {place} alone has a value, {value}."), title=measure.title, place=place, value=low)]
    if low == high:
        return [style.text(N_("{title}: {n} {what} have a value, {value} in every one."), value=low, **about)]
    if middle in (low, high):
        many = format_number(int((words == middle).sum()), style.lang)
        first = style.text(N_("{title}: {n} {what} have a value, {value} in {many} of them."), value=middle, many=many, **about)
    else:
        first = style.text(N_("{title}: {n} {what} have a value, half of them at or below {median}."), median=middle, **about)
    ends = {"high_value": high, "low_value": low}
    ends |= {k: _listed(drawn.loc[words == w, "province"], style) for k, w in (("high", high), ("low", low))}
    return [first, style.text(N_("The highest is {high} ({high_value}), the lowest {low} ({low_value})."), **ends)]


def _listed(codes: pd.Series, style: Style) -> str:
    """Places that tie: the first ones by name, and how many more."""
    listed = ", ".join(names.name(c, style.lang) for c in codes.head(TIES))
    rest = len(codes) - TIES
    return listed if rest <= 0 else f"{listed} {style.text(N_('and {n} more'), n=format_number(rest, style.lang))}"


def difference(before: float, after: float, measure: Measure, style: Style) -> str:
    """How far apart two values are: percentage points for rates, the unit otherwise; empty when equal."""
    gap = abs(after - before)
    if gap < {"rate": 0.0005, "sd": 0.005, "mean": 0.05}.get(measure.kind, 0.5):  # nothing that would be printed
        return ""
    if measure.kind == "rate":
        return style.text(N_("{x} percentage points"), x=format_number(gap * 100, style.lang, 1))
    return measure.words(gap, style.lang)


def _unclear(drawn: pd.DataFrame, style: Style, what: str, diverging: bool) -> list[str]:
    count = int(unclear(drawn).sum()) if diverging else 0
    words = N_("In {n} {what} there is no clear difference: the margin of error holds nought.")
    return [style.text(words, n=format_number(count, style.lang), what=style.text(what))] if count else []


def _states(states: Iterable[str], style: Style, what: str = N_("provinces")) -> list[str]:
    sentences, found = [], Counter(states)
    for state, message in (
        (SUPPRESSED, N_("{n} {what} suppressed, to protect small numbers there or elsewhere.")),
        (NOT_COLLECTED, N_("{n} {what} without data, which is not nought.")),
        (OLDER, N_("{n} {what} shown from an earlier period.")),
        (PROVISIONAL, N_("{n} {what} provisional, which are not compared.")),
        (INCOMPLETE, N_("{n} {what} incomplete, because some places sent nothing.")),
    ):
        if count := found[state]:
            sentences.append(style.text(message, n=format_number(count, style.lang), what=style.text(what)))
    return sentences
