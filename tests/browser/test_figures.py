"""Figures of Plotly: the small script draws what it can, the whole one maps and flows, and neither takes the other's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.driving import Server, follow, open_page, record, settled
from ui.blocks.components import CARTESIAN, PLOTLY, PLOTLY_SMALL

DRAWN_BY = """async () => {
  const { plotlys } = await import("/app/static/board/common.js");
  const address = new Map([...plotlys].map(([address, script]) => [script, address]));
  return [...document.querySelectorAll('.sb-plot:has(.main-svg)')].map(plot => address.get(plot.plotly));
}"""


def test_the_small_script_knows_the_traces_that_are_left_to_it(page: Page, server: Server) -> None:
    traffic = record(page)
    open_page(page, server, "policy", lang="en")
    assert set(page.evaluate(DRAWN_BY)) == {PLOTLY_SMALL}
    known = page.evaluate("Object.keys(Plotly.PlotSchema.get().traces)")
    assert set(known) >= CARTESIAN
    assert not any(PLOTLY in url for url in traffic.requests)


@pytest.mark.parametrize("first", ["policy", "equity_chain"])
def test_each_figure_is_drawn_by_its_own_script_whichever_came_first(page: Page, server: Server, first: str) -> None:
    traffic = record(page)
    second = {"policy": "equity_chain", "equity_chain": "policy"}[first]
    open_page(page, server, first, lang="en")
    expected = {"policy": PLOTLY_SMALL, "equity_chain": PLOTLY}
    for name in (second, first):
        follow(page, name, "en")
        settled(page)
        assert expected[name] in page.evaluate(DRAWN_BY)
    for width in (1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
    assert traffic.errors() == []
