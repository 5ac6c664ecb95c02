"""The page about rates: the simulator's costs, the proposal's live formulas recomputed, its PDF, and empty tables."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries
from pypdf import PdfReader

from data_access.programmes.policy import rates as rate_cards
from data_access.saved import scenarios
from data_access.saved.scenarios import Scenario
from data_access.who.access import OPERATOR
from tests.data_access import small
from tests.data_access.test_scenarios import NOW, RECIPIENTS, SCHOOLS
from tests.reading import components, notes, tables, tiles
from tests.ui.test_targets_page import open_page
from ui.kit.provenance import Context
from ui.simulator import proposal

FACTS = Context("คำของบประมาณ: ทดลอง", "ทั้งประเทศ", "30 ก.ย. 2568", "r1", "ที่มา", "", "ข้อมูลสาธิต")
BASE = Scenario("ฐาน", lunch=(("1+", 25.0),), basic=(("primary", 500.0),), days=200, years=2, start_year=2569)
WORDS = proposal.Words({"lunch": "อาหารกลางวัน", "basic_needs": "ปัจจัยพื้นฐาน", "equity_grant": "ทุนเสมอภาค"}, {})


class Sheets:
    """Recomputes a workbook of SUM, SUMIFS and arithmetic, as a spreadsheet would on opening it."""

    def __init__(self, book: openpyxl.Workbook) -> None:
        self.book = book

    def value(self, sheet: str, cell: str) -> Any:
        found = self.book[sheet][cell.replace("$", "")].value
        return self.compute(sheet, found[1:]) if isinstance(found, str) and found.startswith("=") else found

    def area(self, sheet: str, text: str) -> list[Any]:
        name, cells = text.split("!") if "!" in text else (sheet, text)
        name = name.strip("'")
        left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        return [
            self.value(name, self.book[name].cell(r, c).coordinate)
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        ]

    def compute(self, sheet: str, formula: str) -> float:
        if call := re.fullmatch(r"SUM\(([^()]+)\)", formula):
            return sum(float(v or 0) for v in self.area(sheet, call[1]))
        if call := re.fullmatch(r"SUMIFS\(([^,]+),([^,]+),([^,]+)\)", formula):
            wanted = call[3].strip('"')
            pairs = zip(self.area(sheet, call[1]), self.area(sheet, call[2]), strict=True)
            return sum(float(v or 0) for v, key in pairs if str(key) == wanted)
        cell = re.compile(r"(?:'([^']+)'!)?(\$?[A-Z]{1,2}\$?\d+)")
        plain = cell.sub(lambda m: repr(float(self.value(m[1] or sheet, m[2]) or 0)), formula).replace("^", "**")
        assert re.fullmatch(r"[-+*/().\de]*", plain), plain
        return float(eval(plain))


def workbook() -> openpyxl.Workbook:
    sides = [proposal.Side(s.name, s, scenarios.costs(s, SCHOOLS, RECIPIENTS)) for s in (BASE, NOW)]
    return openpyxl.load_workbook(io.BytesIO(proposal.workbook(sides, FACTS, WORDS, "th")))


def total_row(book: openpyxl.Workbook) -> tuple[str, int]:
    sheet = book.worksheets[0]
    return sheet.title, next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == "รวม")


def test_the_workbooks_formulas_come_to_the_costs_of_the_scenarios() -> None:
    book = workbook()
    sheet, row = total_row(book)
    assert all(str(book[sheet].cell(row, c).value).startswith("=") for c in (2, 3, 4))  # live, not pasted
    costs = [scenarios.costs(s, SCHOOLS, RECIPIENTS)["baht"].sum() for s in (BASE, NOW)]
    found = [Sheets(book).value(sheet, f"{column}{row}") for column in "BCD"]
    assert found == pytest.approx([*costs, costs[1] - costs[0]])


def test_a_changed_rate_moves_every_cost_of_the_workbook() -> None:
    book = workbook()
    sheet, row = total_row(book)
    before = Sheets(book).value(sheet, f"C{row}")
    parameters = book.worksheets[1]
    rate = next(c for line in parameters.iter_rows() for c in line if c.value == 36.0)
    rate.value = 40.0
    assert Sheets(book).value(sheet, f"C{row}") - before == pytest.approx(
        40 * 4 * 200 * 2
    )  # 40 pupils, 4 baht, 200 days, 2 years


def test_the_pdf_says_the_same_in_thai_that_can_be_searched() -> None:
    frame = scenarios.difference(*(scenarios.costs(s, SCHOOLS, RECIPIENTS) for s in (NOW, BASE)), by=["year"])
    frame = frame.astype({"year": str}).rename(
        columns={"year": "ปีงบประมาณ", "base": "ฐาน", "scenario": "ฉากทัศน์", "difference": "ผลต่าง"}
    )
    table = proposal.table_of("งบประมาณรายปี", frame.drop(columns="share"), lang="th")
    pages = PdfReader(io.BytesIO(proposal.pdf("คำของบประมาณ: ทดลอง", FACTS, ["ทั้งประเทศ"], [table], ["หมายเหตุ"], "th"))).pages
    text = re.sub(
        r"[\s\x00-\x1f]", "", "".join(p.extract_text() for p in pages)
    )  # pypdf gives marks of a cluster as control codes
    for words in ("ข้อมูลสาธิต", "ทดลอง", "2569", "ล้านบาท"):
        assert words in text, text[:400]
    fonts = {str(f.get_object()["/BaseFont"]) for p in pages for f in p["/Resources"]["/Font"].values()}
    assert fonts
    assert all("Sarabun" in f for f in fonts)  # embedded: nothing of the system


@pytest.mark.usefixtures("on_demo")
def test_an_untouched_scenario_says_that_nothing_has_changed() -> None:
    app = open_page("policy", tab="simulator")
    assert not app.exception
    assert any("nothing has changed yet" in i for i in notes(app))
    assert tiles(app)["Difference, all years"] == "0 baht"


@pytest.fixture
def longer_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[pd.DataFrame, str]:
    """The schools of a small release, and a saved scenario that pays their lunch on 220 days where its base does on 200."""
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    row = {"rate_id": "lunch", "band": "all", "effective_from": dt.date(2022, 10, 1), "baht": 20.0, "per": "day"}
    rates = pd.DataFrame([{**row, "status": "approved", "source": "มติ"}])
    schools = small.schools().assign(level="primary")
    small.publish({**small.tables(), "school": schools, "rate": rates})
    chosen = scenarios.default_cards(rate_cards.cards(rates), dt.date(2025, 1, 1))
    return schools, scenarios.save(scenarios.from_cards("วันเรียนเพิ่ม", chosen, days=220, base_days=200, years=1))


def test_a_saved_scenario_opens_by_its_address_and_costs_what_the_rule_says(longer_year: tuple[pd.DataFrame, str]) -> None:
    schools, saved = longer_year
    app = open_page("policy", tab="simulator", scenario=saved)
    assert not app.exception
    assert not any("nothing has changed yet" in i for i in notes(app))
    by_programme = next(d for d in tables(app) if "Programme" in d.columns).set_index("Programme")
    lunch = by_programme.loc["School lunch"]
    assert lunch["Base, baht"] == schools["pupils"].sum() * 20 * 200
    assert lunch["Difference, baht"] == schools["pupils"].sum() * 20 * 20
    assert lunch["Difference, %"] == 10


def test_schools_that_gain_are_those_of_the_province_chosen_in_both_parts(longer_year: tuple[pd.DataFrame, str]) -> None:
    schools, saved = longer_year
    provinces = schools["subdistrict_code"].str[:2]
    inside = schools[provinces == provinces.iloc[0]]
    assert 0 < len(inside) < len(schools)
    place = {"province": str(provinces.iloc[0]), "scenario": saved}
    one = tiles(open_page("policy", tab="simulator", **place))["Schools whose lunch money rises"]
    (many,) = tables(open_page("policy", tab="compare", against=saved, **place))[:1]
    gain = many.set_index("What").loc["Schools that gain", "วันเรียนเพิ่ม"]
    assert one == gain == str(len(inside))


@pytest.mark.usefixtures("on_demo")
@pytest.mark.parametrize("tab", ["rates", "lunch_steps", "compare"])
def test_every_part_opens(tab: str) -> None:
    assert not open_page("policy", tab=tab).exception


@pytest.mark.parametrize("tab", ["rates", "lunch_steps", "simulator", "compare"])
def test_without_rates_every_part_says_so(tab: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    small.publish(small.tables())
    app = open_page("policy", tab=tab)
    assert not app.exception
    assert notes(app)


def test_what_somebody_else_saves_is_offered_on_a_page_that_was_drawn_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    small.publish(small.tables())

    def offered() -> list[str]:
        (saved,) = (c for c in components(open_page("policy", tab="simulator"), "choice") if c["name"] == "policy_saved")
        return [words for _code, words in saved["options"]]

    assert offered() == offered() == []
    kept = scenarios.save(Scenario("Of a colleague"))
    assert offered() == ["Of a colleague"]
    scenarios.delete(kept, OPERATOR)
    assert offered() == []
