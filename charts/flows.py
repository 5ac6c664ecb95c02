"""Children flowing from stage to stage, year by year: a Sankey whose hidden flows pass through a node of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import plotly.graph_objects as go

from charts.cache import drawn_once
from charts.style import Style
from charts.theme import PROVISIONAL, SUPPRESSED, TOLD, Chart, Measure, figure
from i18n import N_

GAP = 0.022
NODE_PX = 14
THROUGH = ""
"""The stage of the nodes that hidden flows pass through, half-way between two years."""


@dataclass
class _Nodes:
    """Nodes in drawing order: (year position, stage) with their size; `at` finds their number."""

    column: list[float] = field(default_factory=list)
    stage: list[str] = field(default_factory=list)
    size: list[float] = field(default_factory=list)
    at: dict[tuple[float, str], int] = field(default_factory=dict)

    def add(self, column: float, stage: str, size: float) -> int:
        self.at[(column, stage)] = len(self.stage)
        self.column.append(column)
        self.stage.append(stage)
        self.size.append(size)
        return self.at[(column, stage)]


@dataclass
class _Links:
    source: list[int] = field(default_factory=list)
    target: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    stages: list[tuple[str, str]] = field(default_factory=list)


@drawn_once
def flow_diagram(
    nodes: pd.DataFrame,
    flows: pd.DataFrame,
    measure: Measure,
    style: Style,
    *,
    stages: Mapping[str, str],
    away: Sequence[str],
    years: Mapping[str, str],
    title: str,
    height: int = 520,
) -> Chart:
    """Columns are years, bands are children; a band that leaves learning has the colour of where it goes.

    Args:
        nodes: period, stage, value; every year adds up to the same number.
        flows: period (of leaving), stage, next_stage, value, state.
        stages: code -> words, in drawing order from the top; away: those outside learning.
        years: period code -> words, in order.
    """
    placed, links = _build(nodes, flows, list(stages), list(years))
    colours = stage_colours(list(stages), style)
    names = [stages.get(s, style.text(N_("Suppressed flows"))) for s in placed.stage]
    centre = _centres(placed, list(stages))
    provisional = {p for part in (nodes, flows) if "state" in part for p in part.loc[part["state"] == PROVISIONAL, "period"]}
    years = {
        p: style.text(N_("{period} (provisional)"), period=words) if p in provisional else words for p, words in years.items()
    }
    words = list(years.values())
    fig = figure(style, height, margin={"l": 6, "r": 6, "t": 34, "b": 6}, xaxis={"visible": False}, yaxis={"visible": False})
    fig.add_trace(
        go.Sankey(
            arrangement="fixed",
            valueformat=",.0f",
            node={
                "x": [min(max(c / max(len(years) - 1, 1), 0.001), 0.999) for c in placed.column],
                "y": centre,
                "thickness": NODE_PX,
                "pad": GAP * height,
                "label": [""] * len(names),
                "customdata": [
                    f"{n} · {words[int(c)]}" if s != THROUGH else n
                    for n, c, s in zip(names, placed.column, placed.stage, strict=True)
                ],
                "color": [colours.get(s, style.palette.suppressed) for s in placed.stage],
                "line": {"width": 0},
                "hovertemplate": "<b>%{customdata}</b><br>%{value:,.0f}<extra></extra>",
            },
            link={
                "source": links.source,
                "target": links.target,
                "value": links.value,
                "color": [_band(s, t, away, colours, style) for s, t in links.stages],
                "hovertemplate": "%{source.customdata} → %{target.customdata}<br><b>%{value:,.0f}</b><extra></extra>",
            },
        )
    )
    for i, label in enumerate(words):
        x = i / max(len(words) - 1, 1)
        anchor = "left" if i == 0 else "right" if i == len(words) - 1 else "center"
        fig.add_annotation(
            text=label, x=x, y=1, xref="paper", yref="paper", xanchor=anchor, yanchor="bottom", showarrow=False, font={"size": 12}
        )
    present = [s for s in stages if s in set(placed.stage)]
    legend = [(colours[s], stages[s]) for s in present]
    if THROUGH in placed.stage:
        legend.append((style.palette.suppressed, style.text(N_("Suppressed flows"))))
    return Chart(fig, _alt(nodes, measure, style, stages, years, title), title, legend=tuple(legend))


def stage_colours(stages: Sequence[str], style: Style) -> dict[str, str]:
    """Learning from light to dark as children grow older; the branches and the ways out in colours of their own."""
    p = style.palette
    known = dict(zip(("centre", "kindergarten", "primary", "lower_secondary", "upper_secondary"), p.good, strict=True))
    known |= {"vocational": p.series[3], "higher": p.series[2], "other_learning": p.border}
    known |= {
        "working": p.series[5],
        "out_of_school": p.series[1],
        "unknown": p.muted,
        "other_away": p.series[4],
        "other": p.muted,
    }
    return {s: known.get(s, p.muted) for s in stages}


def _build(nodes: pd.DataFrame, flows: pd.DataFrame, stages: list[str], years: list[str]) -> tuple[_Nodes, _Links]:
    """Nodes with their sizes, and links; what is hidden between two years passes through one node, so that all adds up."""
    placed, links = _Nodes(), _Links()
    size = {(y, s): v for y, s, v in zip(nodes["period"], nodes["stage"], nodes["value"], strict=True)}
    for i, year in enumerate(years):
        for stage in stages:
            if size.get((year, stage), 0) > 0:
                placed.add(i, stage, size[(year, stage)])
    for i, year in enumerate(years[:-1]):
        rows = flows[(flows["period"] == year) & flows["state"].isin(TOLD) & (flows["value"] > 0)]
        sent = rows.groupby("stage")["value"].sum()
        got = rows.groupby("next_stage")["value"].sum()
        for stage, following, value in zip(rows["stage"], rows["next_stage"], rows["value"], strict=True):
            _link(links, placed.at[(i, stage)], placed.at[(i + 1, following)], value, (stage, following))
        rest_out = {s: size.get((year, s), 0) - sent.get(s, 0) for s in stages}
        rest_in = {s: size.get((years[i + 1], s), 0) - got.get(s, 0) for s in stages}
        if (flows.loc[flows["period"] == year, "state"] == SUPPRESSED).any():
            through = placed.add(i + 0.5, THROUGH, sum(rest_out.values()))
            for stage in stages:
                if rest_out[stage] > 0:
                    _link(links, placed.at[(i, stage)], through, rest_out[stage], (stage, THROUGH))
                if rest_in[stage] > 0:
                    _link(links, through, placed.at[(i + 1, stage)], rest_in[stage], (THROUGH, stage))
    return placed, links


def _link(links: _Links, source: int, target: int, value: float, stages: tuple[str, str]) -> None:
    links.source.append(source)
    links.target.append(target)
    links.value.append(value)
    links.stages.append(stages)


def _centres(placed: _Nodes, stages: list[str]) -> list[float]:
    """Vertical centres, 0 at the top: stages in order, hidden flows at the bottom."""
    whole = max(
        (sum(v for c, v in zip(placed.column, placed.size, strict=True) if c == k) for k in set(placed.column)), default=1.0
    )
    most = max((placed.column.count(k) for k in set(placed.column)), default=1)
    scale = (1 - (most - 1) * GAP) / whole
    out = [0.0] * len(placed.stage)
    for column in set(placed.column):
        members = [i for i, c in enumerate(placed.column) if c == column]
        if placed.stage[members[0]] == THROUGH:
            out[members[0]] = min(0.999, 1 - placed.size[members[0]] * scale / 2)
            continue
        top = 0.0
        for i in members:
            out[i] = min(max(top + placed.size[i] * scale / 2, 0.001), 0.999)
            top += placed.size[i] * scale + GAP
    return out


def _band(source: str, target: str, away: Sequence[str], colours: Mapping[str, str], style: Style) -> str:
    """A band in the colour of its source, thin; one that leaves learning in the colour of its target, stronger."""
    if THROUGH in (source, target):
        return _faint(style.palette.suppressed, 0.35)
    if target in away and source not in away:
        return _faint(colours[target], 0.75)
    return _faint(colours[source], 0.38)


def _faint(colour: str, alpha: float) -> str:
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha})"


def _alt(
    nodes: pd.DataFrame, measure: Measure, style: Style, stages: Mapping[str, str], years: Mapping[str, str], title: str
) -> str:
    """The first and the last year in words."""
    said = []
    for code in dict.fromkeys([*list(years)[:1], *list(years)[-1:]]):
        rows = nodes[nodes["period"] == code]
        parts = [f"{stages[s]} {measure.words(v, style.lang)}" for s, v in zip(rows["stage"], rows["value"], strict=True)]
        said.append(f"{years.get(code, code)}: " + ", ".join(parts))
    return f"{title}. " + "; ".join(said) + "."
