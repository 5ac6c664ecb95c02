"""The Sankey of the equity chain: everything that goes in comes out, and what is hidden is drawn as hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from charts.flows import flow_diagram
from charts.static import Caption, to_png
from charts.style import Style
from charts.theme import Chart, Measure

STAGES = {"primary": "ประถมศึกษา", "lower_secondary": "มัธยมศึกษาตอนต้น", "out_of_school": "อยู่นอกระบบ"}
YEARS = {"AY2565": "2565", "AY2566": "2566"}


def drawn(dark: bool = False) -> Chart:
    sizes = {("AY2565", "primary"): 100, ("AY2565", "out_of_school"): 20}
    sizes |= {("AY2566", "primary"): 30, ("AY2566", "lower_secondary"): 60, ("AY2566", "out_of_school"): 30}
    nodes = pd.DataFrame([(*key, value) for key, value in sizes.items()], columns=["period", "stage", "value"])
    moves = [
        ("primary", "primary"),
        ("primary", "out_of_school"),
        ("out_of_school", "primary"),
        ("out_of_school", "out_of_school"),
    ]
    rows = [("primary", "lower_secondary", 60, "value"), *((a, b, None, "suppressed") for a, b in moves)]
    flows = pd.DataFrame(rows, columns=["stage", "next_stage", "value", "state"]).assign(period="AY2565")
    measure = Measure("chain.flow", "เด็ก", "children", "count")
    return flow_diagram(
        nodes, flows, measure, Style("th", dark), stages=STAGES, away=("out_of_school",), years=YEARS, title="รุ่นหนึ่ง"
    )


def test_hidden_flows_pass_through_one_node_and_all_adds_up() -> None:
    link = drawn().figure.data[0].link
    sizes = {0: 100, 1: 20}
    for node, size in sizes.items():
        assert sum(v for s, v in zip(link.source, link.value, strict=True) if s == node) == size
    through = len(drawn().figure.data[0].node.x) - 1
    into = sum(v for t, v in zip(link.target, link.value, strict=True) if t == through)
    out = sum(v for s, v in zip(link.source, link.value, strict=True) if s == through)
    assert into == out == 60
    assert 60 in link.value  # the one flow that is shown, and no other number of its own
    assert sorted(v for s, t, v in zip(link.source, link.target, link.value, strict=True) if through not in (s, t)) == [60]


@pytest.mark.parametrize("dark", [False, True])
def test_words_and_picture(dark: bool) -> None:
    chart = drawn(dark)
    assert "ประถมศึกษา 100 คน" in chart.alt
    assert "2566" in chart.alt
    assert [words for _colour, words in chart.legend] == [*STAGES.values(), "เส้นทางที่ปิดบัง"]
    png = to_png(chart, Caption("รุ่นหนึ่ง", ["ที่มา"], "สาธิต"), Style("th"))
    assert png.startswith(b"\x89PNG")
    assert len(png) > 20_000
