"""Real files of agencies that the app knows nothing of go from a person's disk to the published map, declared on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from data_access.contract import schema
from data_access.programmes import measures
from data_access.programmes.indicators import REGISTRY
from data_access.questions import query
from data_access.store import releases
from i18n import gettext
from tests.browser.driving import Server, open_page, settled

FOLDER = Path(os.environ.get("SAMOEPHAK_REAL_FILES") or Path(__file__).parents[2] / "../shared/real").resolve()
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder of real files is absent (set SAMOEPHAK_REAL_FILES)")
MOST_DECISIONS = 5


def _(msgid: str, **params: object) -> str:
    return gettext(msgid, "th", **params)


def button(page: Page, msgid: str) -> Locator:
    """A button whose words hold a number."""
    return page.get_by_role("button", name=re.compile(re.escape(_(msgid, n="#")).replace(r"\#", "#").replace("#", r"[\d,]+")))


def opened(page: Page, server: Server, file: str) -> Locator:
    """Give a file to the page of data; the field that says what it is."""
    open_page(page, server, "data")
    page.locator('input[type="file"]').set_input_files(FOLDER / file)
    settled(page)
    kind = page.get_by_role("combobox", name=_("What the table is"))
    kind.scroll_into_view_if_needed()
    settled(page)
    return kind


def published(page: Page, load: str) -> int:
    """Answer what is asked, load with the button of these words and publish; returns how many things a person had to decide."""
    made = 0
    names = button(page, "Accept {n} names")
    if names.count():
        names.first.click()
        settled(page)
        made += 1
    reasons = page.get_by_placeholder(_("Why it may be loaded all the same"))
    for i in range(reasons.count()):
        reasons.nth(i).fill("ตามเอกสารต้นทาง")
        reasons.nth(i).press("Tab")
        settled(page)
        made += 1
    button(page, load).click()
    settled(page)
    publish = page.get_by_role("button", name=_("Publish …"))
    publish.scroll_into_view_if_needed()
    settled(page)  # what is seen on the way is drawn, and moves the button
    publish.click()
    page.get_by_role("button", name=_("Publish for every reader")).click()
    settled(page)
    expect(page.get_by_text("ทุกหน้าแสดงรุ่นนี้", exact=False)).to_be_visible()
    return made + 2


def decisions(page: Page, server: Server, file: str) -> int:
    """Take a file to the published map; returns how many things a person had to decide."""
    opened(page, server, file).click()
    page.get_by_role("option", name=_("Something new: declare what its columns measure")).click()
    settled(page)
    button(page, "Declare {n} measures").click()
    settled(page)
    return 2 + published(page, "Load {n} measures into the draft")


def known(page: Page, server: Server, file: str, kind: str) -> int:
    """Take a file of something that the app knows to the published map; returns how many things a person had to decide."""
    made, choice = 0, opened(page, server, file)
    if not choice.input_value().startswith(kind):
        choice.click()
        choice.fill(kind)
        page.get_by_role("option", name=re.compile(re.escape(kind))).first.click()
        settled(page)
        made += 1
    return made + published(page, "Load {n} rows into the draft")


KNOWN = (  # one of reported values, one of records; `tests/importing/test_real_files.py` loads the others without a browser
    ("individual_assistance_2556.xls", "reported:assist.recipients", {"assist.recipients": {"FY2556": 1_984}}),
    ("krabi_centres_2555.xls", "centre_semester", {"ecd.children": {"2555-1": 10_922}, "ecd.centres": {"2555-1": 143}}),
)


@pytest.mark.timeout(900)
def test_files_of_what_is_known(cold_server: Callable[..., Server], page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    server = cold_server(own_data=True)
    monkeypatch.setenv("SAMOEPHAK_HOME", str(server.home))
    made = {}
    for file, kind, _answers in KNOWN:
        title = REGISTRY[kind.partition(":")[2]].title_th if ":" in kind else schema.TABLES[kind].info["th"]
        made[kind] = known(page, server, file, title)
    assert max(made.values()) <= MOST_DECISIONS, made
    query.forget()
    for _file, _kind, answers in KNOWN:
        for indicator, by_period in answers.items():
            key = REGISTRY[indicator].periods[0]
            found = query.query(indicator, by=(key,)).set_index(key)["value"]
            assert {p: found[p] for p in by_period} == by_period


def named(short: str, period: str) -> float:
    """The published number for the country of the measure whose short name begins so."""
    found = next(m for m in measures.of_release() if m.short_th.startswith(short))
    row = query.query(found.measure_id, where={found.period_type: period}).iloc[0]
    return float(row["value"])


@pytest.mark.timeout(900)
def test_three_files_that_nobody_prepared(
    cold_server: Callable[..., Server], page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = cold_server(own_data=True)
    monkeypatch.setenv("SAMOEPHAK_HOME", str(server.home))
    made = {
        file: decisions(page, server, file)
        for file in ("work_injuries_2555.xls", "migrant_workers_2550.xls", "crime_2545-2554.xls")
    }
    assert max(made.values()) <= MOST_DECISIONS, made
    query.forget()
    assert named("จำนวนลูกจ้าง", "CY2555") == 8_575_398
    assert named("ความรุนแรง ตาย", "CY2555") == 717
    assert named("รวมจำนวน การประสบอันตราย นับทุกกรณี", "CY2555") == 131_826
    assert named("อัตราการประสบอันตราย ต่อลูกจ้าง 1,000 ราย นับทุกกรณี", "CY2555") == pytest.approx(15.37, abs=0.005)
    assert named("อัตราการประสบอันตราย ต่อลูกจ้าง 1,000 ราย นับกรณีร้ายแรง", "CY2555") == pytest.approx(4.52, abs=0.01)
    assert named("รวมทั้งสิ้น", "CY2550") == 708_976
    sexes = {"male": 406_742, "female": 287_811, "unspecified": 14_423}
    workers = next(m.measure_id for m in measures.of_release() if m.short_th.startswith("รวมทั้งสิ้น"))
    assert query.query(workers, by=("sex",)).set_index("sex")["value"].to_dict() == sexes
    assert [named("รับแจ้ง · อุกฉกรรจ์", p) for p in ("CY2545", "CY2554")] == [7_816, 4_639]
    assert [named("จับกุม · อุกฉกรรจ์", p) for p in ("CY2545", "CY2554")] == [3_432, 2_416]
    assert len(measures.of_release()) == 10 + 3 + 10
    before = query.query(crimes(), by=("calendar_year",), where={"province": "38"})  # founded in 2554
    assert set(before.loc[before["calendar_year"] < "CY2554", "state"]) <= {"not_collected", "not_applicable"}
    assert releases.current_release() is not None
    open_page(page, server, "indicators", measure=workers)
    expect(page.locator(".sb-svg").first).to_be_visible()
    assert "กรุงเทพมหานคร" in page.locator(".sb-ranking").first.inner_text()


def crimes() -> str:
    """Those of which the sheet is blank for a province before it was founded."""
    return next(m.measure_id for m in measures.of_release() if m.short_th == "รับแจ้ง · ชีวิต ร่างกาย")
