"""A scenario as a budget proposal: a workbook whose costs are formulas on its own parameters, and a PDF that prints Thai right."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

import geo
from charts.style import LIGHT
from data_access.programmes.policy.rates import LUNCH, RATE_IDS
from data_access.saved.scenarios import SHARED, Scenario
from handouts.common import inert
from handouts.pdf_text import readable
from i18n import N_, format_money, gettext
from ui.kit.provenance import Context

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "assets" / "reports" / "budget_proposal.typ"
FONTS = ROOT / "assets" / "fonts"
MONEY, RATE, SHARE = "#,##0", "#,##0.00", "0.0%"
FIRST_ROW = 5  # of the numbers of a cost sheet; above it the mark, the title, a note and the headings
NO_PLACE = "00"  # the code of recipients that no province may show: an empty criterion means different things to spreadsheets
FIELDS = ("days", "indexation", "start_year")


@dataclass(frozen=True)
class Side:
    """One column of a proposal: a scenario with its words and its costs (`data_access.saved.scenarios.costs`)."""

    words: str
    scenario: Scenario
    costs: pd.DataFrame


@dataclass(frozen=True)
class Words:
    """Names of the codes of a proposal, in the reader's language: programmes and bands by code."""

    programmes: dict[str, str]
    bands: dict[str, str]


# ---- workbook -----------------------------------------------------------------------------------------------------------------
def workbook(sides: Sequence[Side], facts: Context, words: Words, lang: str, notes: Sequence[str] = ()) -> bytes:
    """A workbook of the base (first) and up to four scenarios.

    Sheets: comparison, parameters, one of costs by province and year for each side, and sources. Change a parameter and every cost
    follows; how many pupils stand on each step is a number of the release, for the steps named beside it.
    """

    def say(msgid: str, **params: Any) -> str:
        return gettext(msgid, lang, **params)

    book = Workbook()
    comparison, parameters = book.active, book.create_sheet(say(N_("Parameters")))
    comparison.title = say(N_("Comparison"))
    where = _parameters(parameters, sides, words, facts, say)
    sheets = [
        _cost_sheet(book.create_sheet(f"{say(N_('Costs'))} {n}"), side, n, where, parameters.title, words, facts, say, lang)
        for n, side in enumerate(sides)
    ]
    _comparison(comparison, sides, sheets, words, facts, say, lang)
    about = book.create_sheet(say(N_("Sources")))
    for label, text in facts.rows(lang):
        about.append([inert(label), inert(text)])
    for note in notes:
        about.append([inert(say(N_("Note"))), inert(note)])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 22, 110
    for line in about.iter_rows():
        line[1].alignment = Alignment(wrap_text=True, vertical="top")
    book.calculation.fullCalcOnLoad = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _text(sheet: Worksheet, row: int, column: int, value: str, *, bold: bool = False) -> None:
    """A cell of text that no spreadsheet runs."""
    cell = sheet.cell(row, column, inert(value))
    cell.data_type, cell.font = "s", Font(bold=bold)
    cell.alignment = Alignment(wrap_text=bold, vertical="top")


def _number(sheet: Worksheet, row: int, column: int, value: float | str, form: str, *, given: bool = False) -> None:
    """A number or one of our own formulas; `given` marks what the reader may change."""
    cell = sheet.cell(row, column, value)
    cell.number_format = form
    if given:
        cell.fill = PatternFill("solid", fgColor=LIGHT.good[0].lstrip("#"))


def _top(sheet: Worksheet, title: str, note: str, facts: Context) -> None:
    _text(sheet, 1, 1, facts.demo or facts.as_of, bold=bool(facts.demo))
    _text(sheet, 2, 1, title, bold=True)
    _text(sheet, 3, 1, note)
    for row in (1, 2):
        sheet.cell(row, 1).alignment = Alignment(wrap_text=False)


def _parameters(
    sheet: Worksheet, sides: Sequence[Side], words: Words, facts: Context, say: Any
) -> dict[tuple[int, str, str], str]:
    """Fill the sheet of parameters; (side, programme or "", field or band) -> the address of its cell."""
    _top(sheet, say(N_("Parameters")), say(N_("Shaded cells may be changed: every cost in this workbook follows.")), facts)
    for n, side in enumerate(sides):
        _text(sheet, 4, 2 + 2 * n, "", bold=True)
        _text(sheet, 4, 3 + 2 * n, side.words, bold=True)
    where: dict[tuple[int, str, str], str] = {}
    labels = {"days": N_("School days a year"), "indexation": N_("Indexation a year"), "start_year": N_("First fiscal year")}
    for row, field in enumerate(FIELDS, start=5):
        _text(sheet, row, 1, say(labels[field]))
        for n, side in enumerate(sides):
            form = "0.0%" if field == "indexation" else "0"
            _number(sheet, row, 3 + 2 * n, getattr(side.scenario, field), form, given=field != "start_year")
            where[n, "", field] = f"${get_column_letter(3 + 2 * n)}${row}"
    row = 5 + len(FIELDS)
    for rate_id in RATE_IDS:
        depth = max((len(s.scenario.bands(rate_id)) for s in sides), default=0)
        if depth:
            unit = say(N_("baht per school day")) if rate_id == LUNCH else say(N_("baht per semester"))
            _text(sheet, row, 1, f"{words.programmes[rate_id]} ({unit})", bold=True)
        for n, side in enumerate(sides):
            for step, (band, baht) in enumerate(side.scenario.bands(rate_id)):
                _text(sheet, row + 1 + step, 2 + 2 * n, words.bands.get(band, band))
                _number(sheet, row + 1 + step, 3 + 2 * n, baht, RATE, given=True)
                where[n, rate_id, band] = f"${get_column_letter(3 + 2 * n)}${row + 1 + step}"
        row += depth + 1 if depth else 0
    sheet.column_dimensions["A"].width = 44
    for n in range(2 * len(sides)):
        sheet.column_dimensions[get_column_letter(2 + n)].width = 20
    sheet.freeze_panes = "B5"
    return where


def _cost_sheet(
    sheet: Worksheet,
    side: Side,
    number: int,
    where: dict[tuple[int, str, str], str],
    parameters: str,
    words: Words,
    facts: Context,
    say: Any,
    lang: str,
) -> dict[str, str]:
    """One side's costs, a row a province and year; returns the ranges that the comparison adds up."""
    note = say(N_("Pupils are those of the release on each step; costs are formulas on the sheet of parameters."))
    _top(sheet, side.words, note, facts)
    heads = [(r, b) for r in RATE_IDS for b, _baht in side.scenario.bands(r)]
    titles = [say(N_("Code")), say(N_("Province")), say(N_("Fiscal year"))]
    titles += [f"{words.programmes[r]} · {words.bands.get(b, b)} ({_unit(r, say)})" for r, b in heads]
    titles += [f"{words.programmes[r]} ({say(N_('baht'))})" for r in RATE_IDS] + [say(N_("Total (baht)"))]
    for column, title in enumerate(titles, start=1):
        _text(sheet, 4, column, title, bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 18
    pupils = side.costs.groupby(["programme", "band", "year", "province"])["pupils"].sum().to_dict()
    places = sorted(side.costs["province"].unique(), key=lambda p: (p == SHARED, p))
    cost_at = 4 + len(heads)
    row = FIRST_ROW - 1
    for place in places:
        for year in side.scenario.fiscal_years:
            row += 1
            _text(sheet, row, 1, place or NO_PLACE)
            _text(sheet, row, 2, place_words(place, lang))
            _number(sheet, row, 3, year, "0")
            for column, (rate_id, band) in enumerate(heads, start=4):
                _number(sheet, row, column, pupils.get((rate_id, band, year, place), 0), MONEY)
            for offset, rate_id in enumerate(RATE_IDS):
                _number(sheet, row, cost_at + offset, _formula(row, rate_id, heads, number, where, parameters), MONEY)
            first, last = (get_column_letter(cost_at + i) for i in (0, len(RATE_IDS) - 1))
            _number(sheet, row, cost_at + len(RATE_IDS), f"=SUM({first}{row}:{last}{row})", MONEY)
    sheet.freeze_panes = f"D{FIRST_ROW}"
    columns = {"province": 1, "year": 3, **{r: cost_at + i for i, r in enumerate(RATE_IDS)}, "total": cost_at + len(RATE_IDS)}
    end = max(row, FIRST_ROW)
    letters = {k: get_column_letter(c) for k, c in columns.items()}
    return {k: f"'{sheet.title}'!${c}${FIRST_ROW}:${c}${end}" for k, c in letters.items()}


def _unit(rate_id: str, say: Any) -> str:
    return say(N_("pupils")) if rate_id == LUNCH else say(N_("recipients of two semesters"))


def _formula(
    row: int, rate_id: str, heads: Sequence[tuple[str, str]], number: int, where: dict[tuple[int, str, str], str], parameters: str
) -> str | float:
    """Σ pupils × rate, × days for lunch, × (1 + indexation) to the years since the first; nought for what is not costed."""
    terms = [
        f"{get_column_letter(column)}{row}*'{parameters}'!{where[number, rate_id, band]}"
        for column, (r, band) in enumerate(heads, start=4)
        if r == rate_id
    ]
    if not terms:
        return 0
    days, growth, start = (f"'{parameters}'!{where[number, '', field]}" for field in FIELDS)
    lunch = f"*{days}" if rate_id == LUNCH else ""
    return f"=({'+'.join(terms)}){lunch}*(1+{growth})^($C{row}-{start})"


def place_words(place: str, lang: str) -> str:
    """A province in words, or what stands for recipients that no province may show."""
    return geo.name(place, lang) if place != SHARED else gettext(N_("Recipients not shown by province"), lang)


def _comparison(
    sheet: Worksheet, sides: Sequence[Side], ranges: Sequence[dict[str, str]], words: Words, facts: Context, say: Any, lang: str
) -> None:
    """Totals by year, programme and province, each a formula on the cost sheets, with the difference to the base."""
    _top(sheet, facts.title, say(N_("In baht. Each scenario beside the base and its difference to it.")), facts)
    heads = [""] + [s.words for s in sides] + [say(N_("Difference: {name}"), name=s.words) for s in sides[1:]]
    years = sorted({y for s in sides for y in s.scenario.fiscal_years})
    blocks: list[tuple[str, list[tuple[str, list[str | None]]]]] = [
        (
            say(N_("Fiscal year")),
            [
                (
                    str(y),
                    [
                        f"=SUMIFS({r['total']},{r['year']},{y})" if y in s.scenario.fiscal_years else None
                        for s, r in zip(sides, ranges, strict=True)
                    ],
                )
                for y in years
            ],
        )
    ]
    blocks.append((say(N_("Programme")), [(words.programmes[p], [f"=SUM({r[p]})" for r in ranges]) for p in RATE_IDS]))
    blocks.append((say(N_("All years")), [(say(N_("Total")), [f"=SUM({r['total']})" for r in ranges])]))
    places = sorted({p for s in sides for p in s.costs["province"]}, key=lambda p: (p == SHARED, p))
    rows = [(place_words(p, lang), [f'=SUMIFS({r["total"]},{r["province"]},"{p or NO_PLACE}")' for r in ranges]) for p in places]
    blocks.append((say(N_("Province")), [(w, list(f)) for w, f in rows]))
    row = 4
    for title, lines in blocks:
        for column, head in enumerate(heads, start=1):
            _text(sheet, row, column, title if column == 1 else head, bold=True)
        for label, formulas in lines:
            row += 1
            _text(sheet, row, 1, label)
            for column, formula in enumerate(formulas, start=2):
                if formula:
                    _number(sheet, row, column, formula, MONEY)
            for extra in range(1, len(sides)):
                if formulas[0] and formulas[extra]:
                    _number(sheet, row, 1 + len(sides) + extra, f"={get_column_letter(2 + extra)}{row}-B{row}", MONEY)
        row += 2
    sheet.column_dimensions["A"].width = 36
    for n in range(len(heads)):
        sheet.column_dimensions[get_column_letter(2 + n)].width = 22
    sheet.freeze_panes = "B4"


# ---- PDF ------------------------------------------------------------------------------------------------------------------------
def pdf(
    title: str, facts: Context, intro: Sequence[str], tables: Sequence[dict[str, Any]], notes: Sequence[str], lang: str
) -> bytes:
    """A proposal on A4, set by Typst with Sarabun, which shapes Thai vowels and tone marks; nothing of the system is used.

    Args:
        intro: lines under the title.
        tables: title, note, head (words) and rows (lists of words) of each table.
        notes: what the costs do not hold.
    """
    import typst

    about = [f"{label}: {text}" for label, text in facts.rows(lang)[1:]]
    content = {
        "title": title,
        "lang": lang,
        "demo": facts.demo,
        "footer": f"{facts.release} · {facts.as_of}",
        "intro": list(intro),
        "tables": list(tables),
        "about_title": gettext(N_("About these numbers"), lang),
        "about": [*notes, *about],
        "alert": LIGHT.alert,
        "muted": LIGHT.muted,
        "grid": LIGHT.grid,
    }
    made = typst.compile(  # type: ignore[misc]  # typst's stubs leave its input type open
        TEMPLATE.read_bytes(),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
    )
    return readable(made)


def table_of(title: str, frame: pd.DataFrame, note: str = "", lang: str = "th") -> dict[str, Any]:
    """A frame as a table of the PDF: money in words, text as it is."""
    rows = [[format_money(v, lang) if isinstance(v, float) else str(v) for v in row] for row in frame.itertuples(index=False)]
    return {"title": title, "note": note, "head": [str(c) for c in frame.columns], "rows": rows}
