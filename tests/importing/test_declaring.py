"""Tables of something that the app knows nothing of, in typical layouts, are declared from their words and give their known answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import geo
from data_access.contract.errors import UsageError
from data_access.importing.declaring import Candidate, candidates
from data_access.importing.inspecting import inspect
from data_access.importing.loading import load, load_measures, named
from data_access.importing.problems import ImportRefused
from data_access.importing.report import LoadReport
from data_access.programmes import measures
from data_access.publishing import declarations, drafts
from data_access.questions import query
from tests.data_access import small

YEARS = (2563, 2564, 2565)
PROVINCES = [(str(c), str(n)) for c, n in geo.provinces()["name_th"].items()]
CASES = {(c, y): float(100 + 7 * n + 13 * k) for n, (c, _) in enumerate(PROVINCES) for k, y in enumerate(YEARS)}
BEDS = {(c, y): float(20 + n + k) for n, (c, _) in enumerate(PROVINCES) for k, y in enumerate(YEARS)}
RATE = {(c, y): round(1 + (n % 50) / 4 + k, 2) for n, (c, _) in enumerate(PROVINCES) for k, y in enumerate(YEARS)}
REGIONS = [str(r) for r in geo.provinces()["region4"]]
Sheets = dict[str, list[list[Any]]]
Truth = dict[str, dict[tuple[str, int], float]]
"""Begin of a short name -> (province, year) -> value."""


@dataclass(frozen=True)
class Layout:
    sheets: Sheets
    truth: Truth
    headless: bool = False


def long() -> Layout:
    rows = [["จังหวัด", "ปี พ.ศ.", "ผู้ป่วยไข้เลือดออก (คน)"]]
    rows += [[name, y, CASES[code, y]] for code, name in PROVINCES for y in YEARS]
    return Layout({"ข้อมูล": rows}, {"ผู้ป่วยไข้เลือดออก": CASES})


def wide_by_year() -> Layout:
    rows: list[list[Any]] = [["จำนวนผู้ป่วยไข้เลือดออก", None, None, None], ["จังหวัด", *(f"พ.ศ. {y}" for y in YEARS)]]
    rows += [[name, *(CASES[code, y] for y in YEARS)] for code, name in PROVINCES]
    return Layout({"ข้อมูล": rows}, {"จำนวนผู้ป่วยไข้เลือดออก": CASES})


def wide_by_measure() -> Layout:
    rows: list[list[Any]] = [
        ["สถานการณ์ไข้เลือดออก ปี พ.ศ. 2565", None, None, None],
        ["จังหวัด", "ผู้ป่วย (คน)", "เตียงที่ใช้ (แห่ง)", "อัตราป่วยตาย (ร้อยละ)"],
    ]
    rows += [[name, CASES[code, 2565], BEDS[code, 2565], RATE[code, 2565]] for code, name in PROVINCES]
    only = {k: v for k, v in CASES.items() if k[1] == 2565}
    beds = {k: v for k, v in BEDS.items() if k[1] == 2565}
    rate = {k: v / 100 for k, v in RATE.items() if k[1] == 2565}
    return Layout({"ข้อมูล": rows}, {"ผู้ป่วย": only, "เตียง": beds, "อัตราป่วยตาย": rate})


def two_header_rows() -> Layout:
    rows: list[list[Any]] = [["จังหวัด"], [None]]
    for y in YEARS:
        rows[0] += [f"ปี {y}", None]
        rows[1] += ["ผู้ป่วย (คน)", "เตียงที่ใช้ (แห่ง)"]
    rows += [[name, *(v for y in YEARS for v in (CASES[code, y], BEDS[code, y]))] for code, name in PROVINCES]
    return Layout({"ข้อมูล": rows}, {"ผู้ป่วย": CASES, "เตียง": BEDS})


def years_under_measures() -> Layout:
    rows: list[list[Any]] = [["จังหวัด", "ผู้ป่วย (คน)", None, None, "เตียงที่ใช้ (แห่ง)", None, None], [None, *YEARS, *YEARS]]
    rows += [[name, *(CASES[code, y] for y in YEARS), *(BEDS[code, y] for y in YEARS)] for code, name in PROVINCES]
    return Layout({"ข้อมูล": rows}, {"ผู้ป่วย": CASES, "เตียง": BEDS})


def sections_by_province() -> Layout:
    rows: list[list[Any]] = [["ปี พ.ศ.", "ผู้ป่วยไข้เลือดออก (คน)", "หมายเหตุ"]]
    for code, name in PROVINCES:
        rows += [[f"จังหวัด{name}", None, None], *([f"พ.ศ. {y}", CASES[code, y], None] for y in YEARS)]
    return Layout({"ข้อมูล": rows}, {"ผู้ป่วยไข้เลือดออก": CASES})


def totals_mixed_in() -> Layout:
    rows: list[list[Any]] = [["จังหวัด", "ผู้ป่วย ปี 2564 (คน)", "ผู้ป่วย ปี 2565 (คน)"]]
    for region in sorted(set(REGIONS)):
        mine = [p for p, r in zip(PROVINCES, REGIONS, strict=True) if r == region]
        rows.append([f"รวมภาค{region}", *(sum(CASES[c, y] for c, _ in mine) for y in YEARS[1:])])
        rows += [[name, *(CASES[code, y] for y in YEARS[1:])] for code, name in mine]
    rows.append(["รวมทั้งประเทศ", *(sum(CASES[c, y] for c, _ in PROVINCES) for y in YEARS[1:])])
    return Layout({"ข้อมูล": rows}, {"ผู้ป่วย": {k: v for k, v in CASES.items() if k[1] > 2563}})


def headless_with_codes() -> Layout:
    rows: list[list[Any]] = [[int(code), name, y, CASES[code, y]] for code, name in PROVINCES for y in YEARS]
    return Layout({"ไข้เลือดออก": rows}, {"ไข้เลือดออก": CASES}, headless=True)


def a_sheet_a_year() -> Layout:
    sheets: Sheets = {
        str(y): [["จังหวัด", "ผู้ป่วยไข้เลือดออก (คน)"], *([name, CASES[code, y]] for code, name in PROVINCES)] for y in YEARS
    }
    return Layout(sheets, {"ผู้ป่วยไข้เลือดออก": CASES})


LAYOUTS = [
    long,
    wide_by_year,
    wide_by_measure,
    two_header_rows,
    years_under_measures,
    sections_by_province,
    totals_mixed_in,
    headless_with_codes,
    a_sheet_a_year,
]


def written(layout: Layout, path: Path) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in layout.sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def declared(found: list[Candidate]) -> list[tuple[str, str]]:
    """All declared as proposed, blank units filled in, as a person would; sheet and id of each."""
    whole = [replace(c.measure, unit_th=c.measure.unit_th or "คน") for c in found]
    declarations.declare_all(whole)
    return [(sheet, c.measure.measure_id) for c in found for sheet in c.sheets]


def loaded(measure_id: str) -> dict[tuple[str, int], float]:
    draft = drafts.draft_in_progress()
    assert draft is not None
    rows = draft.read("reported_value")
    rows = rows[rows["indicator"] == measure_id]
    return {(r.place_code, int(r.period[2:])): r.value for r in rows.itertuples()}


def candidates_of(path: Path, headless: bool = False) -> list[Candidate]:
    """What the columns of a file could be declared as."""
    return candidates(inspect(path, headless=headless).tables, path.name)


def named_in(path: Path) -> list[tuple[str, str]]:
    """The declared measures that the headings of a file name."""
    return named(inspect(path).tables)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda f: f.__name__)
def test_it_goes_in_with_its_known_answers(layout: Callable[[], Layout], tmp_path: Path) -> None:
    made = layout()
    path = written(made, tmp_path / "new.xlsx")
    found = candidates_of(path, made.headless)
    pairs = declared(found)
    reports = load_measures(path, pairs, headless=made.headless, accepted_warnings={})
    assert all(r.ok for r in reports), [p.message("en") for r in reports for p in r.problems]
    by_name = {m.short_th: m.measure_id for m in declarations.of_draft()}
    assert len(by_name) == len(made.truth)
    for begins, truth in made.truth.items():
        measure_id = next(i for name, i in by_name.items() if name.startswith(begins))
        assert loaded(measure_id) == pytest.approx(truth), begins


@pytest.mark.parametrize("layout", [f for f in LAYOUTS if f is not headless_with_codes], ids=lambda f: f.__name__)
def test_next_years_file_is_known_by_its_headings(layout: Callable[[], Layout], tmp_path: Path) -> None:
    made = layout()
    path = written(made, tmp_path / "new.xlsx")
    pairs = declared(candidates_of(path))
    assert sorted(named_in(path)) == sorted(pairs)


NUMBERS = (3.0, 7.0, 11.0)
A_TITLE = ["อัตราตายต่อประชากรแสนคน"], ["จังหวัด", "ปี 2565"]


def proposed(path: Path, above: Sequence[list[Any]], numbers: Sequence[float] = NUMBERS, sheet: str = "ข้อมูล") -> measures.Measure:
    """The only proposal for a table of one column of numbers."""
    rows = [[name, n] for (_, name), n in zip(PROVINCES, numbers, strict=False)]
    (candidate,) = candidates_of(written(Layout({sheet: [*above, *rows]}, {}), path / "new.xlsx"))
    return candidate.measure


@pytest.mark.parametrize(
    ("above", "numbers", "kind", "unit"),
    [
        (A_TITLE, NUMBERS, "mean", ""),
        ([["รายได้เฉลี่ยต่อครัวเรือน"], ["จังหวัด", "2565"]], NUMBERS, "mean", ""),
        ([["จังหวัด", "เส้นความยากจน (บาท/คน/เดือน)"]], NUMBERS, "mean", "บาท/คน/เดือน"),
        ([["จังหวัด", "แพทย์ต่อประชากร"]], NUMBERS, "mean", "ต่อประชากร"),
        ([["จังหวัด", "จำนวนคนจน (พันคน)"]], (3.1, 7.25, 11.8), "persons", "คน"),
        ([["จำนวนครูอัตราจ้าง"], ["จังหวัด", "ปี 2565"]], NUMBERS, "persons", "คน"),
        ([["จำนวนและอัตราตายต่อแสนคน"], ["จังหวัด", "รวม"]], NUMBERS, "persons", "คน"),
    ],
)
def test_what_is_no_sum_is_not_proposed_as_one(
    above: list[list[Any]], numbers: tuple[float, ...], kind: str, unit: str, tmp_path: Path
) -> None:
    found = proposed(tmp_path, above, numbers)
    assert (found.kind, found.adds_up, found.unit_th) == (kind, "never" if kind == "mean" else "sum", unit)


@pytest.mark.parametrize("sheet", ["S", "Sheet1", "ข้อมูล", "2565"])
def test_a_measure_that_no_word_names_is_asked_for_its_name(sheet: str, tmp_path: Path) -> None:
    assert proposed(tmp_path, [["จังหวัด", "จำนวน (คน)"]], sheet=sheet).title_th == ""


def test_years_over_sexes_are_no_name(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["จังหวัด", "2564", None, "2565", None], [None, "ชาย", "หญิง", "ชาย", "หญิง"]]
    rows += [[name, 1, 2, 3, 4] for _, name in PROVINCES]
    (candidate,) = candidates_of(written(Layout({"ผู้สูงอายุติดเตียง": rows}, {}), tmp_path / "new.xlsx"))
    assert (candidate.measure.short_th, candidate.measure.splits) == ("ผู้สูงอายุติดเตียง", "sex")


def test_rows_of_each_sex_are_a_split(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["จังหวัด", "เพศ", "คะแนนเฉลี่ย"]]
    rows += [[name, sex, 5] for _, name in PROVINCES[:20] for sex in ("ชาย", "หญิง")]
    (candidate,) = candidates_of(written(Layout({"2565": rows}, {}), tmp_path / "new.xlsx"))
    assert candidate.measure.splits == "sex"


def test_a_total_under_a_title_is_loaded_with_the_others_that_were_declared(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["งบลงทุนภาครัฐ ปีงบประมาณ 2565"], ["จังหวัด", "งบอาคาร (บาท)", "งบครุภัณฑ์ (บาท)", "รวม (บาท)"]]
    rows += [[name, 100 + n, 10 + n, 110 + 2 * n] for n, (_, name) in enumerate(PROVINCES)]
    path = written(Layout({"ข้อมูล": rows}, {}), tmp_path / "new.xlsx")
    pairs = declared(candidates_of(path))
    assert len(pairs) == 3
    assert sorted(named_in(path)) == sorted(pairs)


def test_another_file_with_a_total_is_not_taken_for_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["งบลงทุนภาครัฐ ปีงบประมาณ 2565"], ["จังหวัด", "รวม (บาท)"], *([name, 100] for _, name in PROVINCES)]
    declared(candidates_of(written(Layout({"ข้อมูล": rows}, {}), tmp_path / "new.xlsx")))
    rows[0] = ["งบกลาง ปีงบประมาณ 2565"]
    assert named_in(written(Layout({"ข้อมูล": rows}, {}), tmp_path / "other.xlsx")) == []


def by_rows_of(heading: str, words: tuple[str, ...], path: Path) -> LoadReport:
    """The report of a table with a row of each word, loaded as the measure that its column of numbers is."""
    rows: list[list[Any]] = [["จังหวัด", heading, "ผู้มีงานทำ"], *([n, w, 7] for _, n in PROVINCES for w in words)]
    file = written(Layout({"2565": rows}, {}), path / "new.xlsx")
    return load_measures(file, declared(candidates_of(file)))[0]


@pytest.mark.parametrize("heading", ["ตัวชี้วัด", "หน่วย", "Indicator", "Unit of measure"])
def test_rows_of_different_things_are_never_added_up(heading: str, tmp_path: Path) -> None:
    report = by_rows_of(heading, ("คน", "บาท"), tmp_path)
    assert not report.ok
    assert "duplicate_key" in {p.code for p in report.problems}


@pytest.mark.parametrize(("heading", "asked"), [("เดือน", True), ("ไตรมาส", True), ("อาชีพ", False)])
def test_months_that_are_added_up_are_asked_about(heading: str, asked: bool, tmp_path: Path) -> None:
    report = by_rows_of(heading, ("แรก", "ที่สอง"), tmp_path)
    assert report.ok
    assert ("times_summed" in {p.code for p in report.problems if p.severity == "warning"}) == asked


def test_a_file_without_headings_is_asked_about(tmp_path: Path) -> None:
    made = headless_with_codes()
    path = written(made, tmp_path / "new.xlsx")
    with pytest.raises(ImportRefused, match="first row is data"):
        load(path, "reported:population.registered")


def test_a_file_with_nothing_new_by_place_proposes_nothing(tmp_path: Path) -> None:
    path = written(Layout({"สัญชาติ": [["สัญชาติ", "คน"], ["ลาว", 3], ["พม่า", 4], ["จีน", 5]]}, {}), tmp_path / "new.xlsx")
    assert candidates_of(path) == []


def test_one_refused_measure_refuses_all_of_the_file(tmp_path: Path) -> None:
    made = wide_by_measure()
    made.sheets["ข้อมูล"][5][3] = "มาก"
    path = written(made, tmp_path / "new.xlsx")
    reports = load_measures(path, declared(candidates_of(path)))
    assert not any(r.ok for r in reports)
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert draft.count("reported_value") == 0


def test_two_sheets_that_give_the_same_value_are_refused(tmp_path: Path) -> None:
    made = a_sheet_a_year()
    made.sheets["2565"] = made.sheets["2564"]
    path = written(made, tmp_path / "new.xlsx")
    pairs = declared(candidates_of(path))
    with pytest.raises(UsageError, match="both give values"):
        load_measures(path, pairs, constants={"period": "CY2564"})


def test_offices_are_added_up_to_their_province_and_it_is_said(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["หน่วยงาน", "เด็กหลุดจากระบบ (คน)"]]
    rows += [["สพป.เชียงใหม่ เขต 1", 100], ["สพป.เชียงใหม่ เขต 2", 50], ["สพป.กระบี่", 30], ["5700 - เชียงราย", 20]]
    path = written(Layout({"2565": rows}, {}), tmp_path / "offices.xlsx")
    pairs = declared(candidates_of(path))
    (report,) = load_measures(path, pairs)
    assert report.ok
    assert loaded(pairs[0][1]) == {("50", 2565): 150.0, ("81", 2565): 30.0, ("57", 2565): 20.0}
    assert {"place_inside", "rows_summed"} <= {p.code for p in report.problems}


@pytest.mark.parametrize(
    ("numbers", "heading", "code"),
    [
        ((12.5, 30.0, 7.25), "สัดส่วน", ""),
        ((0.5, 0.1, 0.2), "สัดส่วน", "unit_unclear"),
        ((12, 3000, 9), "สัดส่วน", "count_as_rate"),
        ((1, 2, 3), "สัดส่วน (คน)", "missing_column"),
    ],
)
def test_a_rate_is_not_fed_with_counts(numbers: tuple[float, ...], heading: str, code: str, tmp_path: Path) -> None:
    rate = measures.Measure("own.share", "สัดส่วน", "", "", "", "", "", "rate", "never", "calendar_year", "ทดสอบ", headings=heading)
    declarations.declare(rate)
    rows: list[list[Any]] = [["จังหวัด", heading], *([name, n] for (_, name), n in zip(PROVINCES, numbers, strict=False))]
    path = written(Layout({"2565": rows}, {}), tmp_path / "rate.xlsx")
    report = load(path, "reported:own.share")
    assert {p.code for p in report.problems if p.severity == "error"} == ({code} if code else set())
    if report.ok:
        assert list(loaded("own.share").values()) == pytest.approx([n / 100 for n in numbers])


def test_a_table_with_values_of_its_own_takes_no_reported_ones() -> None:
    from data_access.importing.mapping import indicator_of

    with pytest.raises(UsageError, match="computed from its own table"):
        indicator_of("reported:grant.condition_rate")


def test_values_of_authorities_and_schools_are_kept_and_added_up(tmp_path: Path) -> None:
    draft = drafts.open_draft()
    laos, schools = small.laos(), small.schools()
    draft.upsert("lao", laos, "test")
    draft.upsert("school", schools, "test")
    names = laos["name_th"].str.replace("เทศบาล", "ทม.")
    draft.upsert("lao", laos.assign(name_th=laos["name_th"].str.replace("เทศบาล", "เทศบาลเมือง")), "test")
    by_name: list[list[Any]] = [["อปท.", "เด็กแรกเกิด (คน)"], *([name, 50 + n] for n, name in enumerate(names))]
    by_code: list[list[Any]] = [
        ["รหัสโรงเรียน", "เด็กพิเศษ (คน)"],
        *([code, 20 + n] for n, code in enumerate(schools["school_code"])),
    ]
    fields = {"unit_th": "คน", "kind": "persons", "adds_up": "sum", "period_type": "calendar_year", "source": "ทดสอบ"}
    blank = {"title_en": "", "short_th": "", "short_en": "", "unit_en": ""}
    for measure_id, title, rows, heading in (
        ("own.births", "เด็กแรกเกิด", by_name, "เด็กแรกเกิด (คน)"),
        ("own.special", "เด็กพิเศษ", by_code, "เด็กพิเศษ (คน)"),
    ):
        declarations.declare(measures.Measure(measure_id=measure_id, title_th=title, headings=heading, **fields, **blank))
        report = load(written(Layout({"2565": rows}, {}), tmp_path / f"{measure_id}.xlsx"), f"reported:{measure_id}")
        assert report.ok, [p.message("en") for p in report.problems]
    drafts.publish(draft)
    authorities = query.query("own.births", by=("lao",), where={"province": "30"}).set_index("lao")["value"].to_dict()
    expected = {code: 50.0 + n for n, code in enumerate(laos["lao_code"]) if code[1:3] == "30"}
    assert authorities == expected
    assert query.query("own.births", where={"province": "30"})["value"].tolist() == [sum(expected.values())]
    pupils = {code: 20.0 + n for n, code in enumerate(schools["school_code"]) if code[2:4] == "40"}
    assert query.query("own.special", by=("school",), where={"province": "40"}).set_index("school")["value"].to_dict() == pupils
    assert query.query("own.special", where={"province": "40"})["value"].tolist() == [sum(pupils.values())]


def test_an_authority_that_nobody_knows_is_asked_about(tmp_path: Path) -> None:
    drafts.open_draft().upsert("lao", small.laos(), "test")
    rows: list[list[Any]] = [["อปท.", "เด็กแรกเกิด (คน)"], ["เทศบาลตำบลไม่มีจริง", 5], ["เทศบาลตำบลไม่มีเลย", 6]]
    path = written(Layout({"2565": rows}, {}), tmp_path / "laos.xlsx")
    measure = {"measure_id": "own.births", "title_th": "เด็กแรกเกิด", "unit_th": "คน", "kind": "persons", "adds_up": "sum"}
    blank = dict.fromkeys(("title_en", "short_th", "short_en", "unit_en"), "")
    declarations.declare(
        measures.Measure(**measure, **blank, period_type="calendar_year", source="ทดสอบ", headings="เด็กแรกเกิด (คน)")
    )
    report = load(path, "reported:own.births")
    assert {p.code for p in report.problems if p.severity == "error"} == {"place_unknown"}
