"""A file goes from a person's disk to every reader's map in a real browser, and the old release comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from i18n import gettext as _
from tests.browser.driving import Server, open_page, query_of, settled

FILE = """จำนวนผู้สำเร็จการศึกษาชั้นมัธยมศึกษาปีที่ 6 ปีการศึกษา 2566,,,,
ที่,จังหวัด,ชาย,หญิง,ผู้สำเร็จ ม.6
1,เชียงใหม่,120,130,250
2,Loburi,40,50,90
3,ขอนแก่น,200,210,410
รวมทั้งสิ้น,,360,390,750
หมายเหตุ: ตัวเลขสมมติ,,,,
"""


def test_a_file_reaches_the_map(cold_server: Callable[..., Server], page: Page, tmp_path: Path) -> None:
    server = cold_server(own_data=True)
    agency = tmp_path / "completers.csv"
    agency.write_bytes(FILE.encode("cp874"))
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")

    open_page(page, server, "data")
    page.locator('input[type="file"]').set_input_files(broken)
    settled(page)
    expect(page.get_by_text(_("Nothing has been loaded, and the published data are untouched."))).to_be_visible()

    open_page(page, server, "data")
    page.locator('input[type="file"]').set_input_files(agency)
    settled(page)
    expect(page.get_by_text("Loburi").first).to_be_visible()
    page.get_by_role("button", name=_("Accept {n} names", n=1)).click()
    settled(page)
    reasons = page.get_by_placeholder(_("Why it may be loaded all the same"))
    for i in range(reasons.count()):
        reasons.nth(i).fill("สามจังหวัดแรก")
        reasons.nth(i).press("Tab")
        settled(page)
    page.get_by_role("button", name=_("Load {n} rows into the draft", n=3)).click()
    settled(page)
    page.get_by_role("button", name=_("Publish …")).click()
    page.get_by_role("button", name=_("Publish for every reader")).click()
    settled(page)
    expect(page.get_by_text(_("Every page shows it now."), exact=False).or_(page.get_by_text("ทุกหน้าแสดงรุ่นนี้"))).to_be_visible()
    assert not list((server.home / "uploads").iterdir())  # type: ignore[operator]

    open_page(page, server, "data", tab="dictionary", measure="school.m6_completers")
    assert query_of(page)["measure"] == "school.m6_completers"
    expect(page.locator(".sb-svg")).to_be_visible()
    assert "ขอนแก่น" in page.locator(".sb-ranking").inner_text()
    expect(page.get_by_text(_("Demonstration data: every number"), exact=False)).to_have_count(0)

    open_page(page, server, "data", tab="releases")
    page.get_by_role("button", name=_("Bring back …")).click()
    page.get_by_role("button", name=_("Show this release to every reader")).click()
    settled(page)
    open_page(page, server, "grants")
    expect(page.get_by_text("ข้อมูลสาธิต").first).to_be_visible()


def test_each_tab_is_in_the_address(server: Server, page: Page) -> None:
    open_page(page, server, "data")
    name = _("Data dictionary")
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
    settled(page)
    assert query_of(page)["tab"] == "dictionary"
    open_page(page, server, "data", **query_of(page))
    expect(page.get_by_role("heading", name=_("Tables and columns"))).to_be_visible()
