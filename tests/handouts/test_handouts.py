"""Hand-outs: native charts, Thai that stays Thai, and the context on every page and sheet."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import asdict
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pypdf import PdfReader

import handouts
from charts.description import Axis, Description, Series
from data_access import cli
from data_access.contract.errors import UsageError
from data_access.saved import stories
from data_access.saved.stories import Slide, Story
from handouts import fitting

THAI = "ที่ นั้น นี้ ทั้ง น้ำ ปู่ ญี่ปุ่น ฐานะ"
DEMO = "ข้อมูลสาธิต – ตัวเลขสมมติ"
FACTS = (
    ("ชื่อ", "ผู้รับทุน"),
    ("ตัวกรอง", "ภาคเรียนที่ 1/2565 · ทั้งประเทศ"),
    ("ข้อมูล ณ", "30 ก.ย. 2568"),
    ("รุ่นข้อมูล", "r1"),
    ("ที่มา", "กสศ."),
    ("การปกปิดข้อมูล", "ต่ำกว่า 10"),
    ("ข้อควรทราบ", DEMO),
)
LINE = asdict(
    Description(
        "lines",
        ("1/2564", "2/2564"),
        (Series("ทั้งประเทศ", (100.0, None), "#0B5F82"), Series("ขอนแก่น", (7.5, 8.25), "#D1600A")),
        Axis("ร้อยละ", "0.0", 0.0, 100.0, 25.0),
    )
)
BARS = asdict(Description("bars", ("น้ำปู่", "ญี่ปุ่น"), (Series("ผู้รับทุน", (1200.0, 30.0), "#0B5F82"),), Axis("คน", "#,##0", 0.0)))
FRONT = 1
"""Pages before the first slide: the cover."""


def slide(title: str, **more: object) -> Slide:
    content: dict = {
        "text": THAI,
        "alt": f"{title} สามประโยค",
        "facts": FACTS,
        "columns": ("จังหวัด", "ค่า", "หมายเหตุ"),
        "rows": (("น้ำปู่", 1200.0, "=1+1"), ("ญี่ปุ่น", None, "ปกปิด")),
        "address": "grants?province=40",
        "lang": "th",
        "detail": (),
        "demo": DEMO,
        "notes": "พูดช้า ๆ",
    }
    return Slide(title=title, **{**content, **more})


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A line chart, bars, a map with bars beside it, and a table."""
    from matplotlib.figure import Figure

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("handouts")))
        picture = io.BytesIO()
        Figure(figsize=(4, 3)).savefig(picture, format="png")
        made = stories.create("ทบทวนผล ฐานะยากจน")
        for one, drawn in (
            (slide("เส้น", chart=LINE), True),
            (slide("แท่ง", chart=BARS), True),
            (slide("แผนที่"), True),
            (slide("ตาราง", lang="en"), False),
        ):
            stories.add(made.id, one, picture.getvalue() if drawn else None, "r1", "2025-09-30")
        yield stories.load(made.id)


def deck(story: Story, ratio: str = "16:9") -> Presentation:
    return Presentation(io.BytesIO(handouts.pptx(story, ratio, "https://x.go.th")))


def kinds(page: object) -> list[str]:
    return [
        "chart" if s.has_chart else "table" if s.has_table else "picture" if s.shape_type == 13 else "text" for s in page.shapes
    ]


def test_charts_and_tables_of_the_deck_are_native(story: Story) -> None:
    pages = [kinds(p) for p in deck(story).slides]
    assert [p.count("chart") for p in pages] == [0, 1, 1, 0, 0, 0]
    assert [p.count("table") for p in pages] == [0, 0, 0, 0, 1, 0]
    assert [p.count("picture") for p in pages] == [0, 1, 1, 2, 1, 0]  # a QR code each, and the map


def test_a_native_chart_has_the_numbers_and_a_gap_where_none_is_shown(story: Story) -> None:
    chart = next(s.chart for s in deck(story).slides[FRONT].shapes if s.has_chart)
    assert list(chart.plots[0].categories) == ["1/2564", "2/2564"]
    assert [(s.name, tuple(s.values)) for s in chart.plots[0].series] == [("ทั้งประเทศ", (100.0, None)), ("ขอนแก่น", (7.5, 8.25))]


@pytest.mark.parametrize("ratio", handouts.RATIOS)
def test_everything_stays_on_the_page_and_carries_its_context(story: Story, ratio: str) -> None:
    found = deck(story, ratio)
    views = list(found.slides)[FRONT:-1]
    for page in found.slides:
        for shape in page.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= found.slide_width
            assert shape.top + shape.height <= found.slide_height
        assert DEMO in " ".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
    assert len(views) == 4
    for page in views:
        words = " ".join(s.text_frame.text for s in page.shapes if s.has_text_frame)
        assert all(f"{label}: {text}" in words for label, text in FACTS[1:])
        links = [r.hyperlink.address for s in page.shapes if s.has_text_frame for p in s.text_frame.paragraphs for r in p.runs]
        assert "https://x.go.th/grants?province=40&at=r1" in links
        assert "พูดช้า ๆ" in page.notes_slide.notes_text_frame.text
        assert "สามประโยค" in page.notes_slide.notes_text_frame.text
        described = [s._element.xpath(".//p:cNvPr")[0].get("descr") for s in page.shapes if s.shape_type in (13, 3, 19)]
        assert all(described)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_libreoffice_opens_the_deck(story: Story, tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(handouts.pptx(story))
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = [p.extract_text() for p in PdfReader(tmp_path / "deck.pdf").pages]
    assert len(text) == 6
    assert "1/2564" in text[FRONT]  # drawn by LibreOffice from the native chart


def test_the_pdf_keeps_thai_and_prints_the_numbers_after_the_slides(story: Story) -> None:
    raw = handouts.pdf(story)
    reader = PdfReader(io.BytesIO(raw))
    assert len(reader.pages) == 8  # the numbers behind four slides on two pages
    for page in reader.pages[1:5]:
        assert letters(THAI) in letters(page.extract_text())
    if shutil.which("pdftotext"):
        said = subprocess.run(["pdftotext", "-", "-"], input=raw, capture_output=True, check=True).stdout.decode("utf-8")
        assert letters(said).count(letters(THAI)) == 4
    assert all("ตัวเลขสมมติ" in letters(page.extract_text()) for page in reader.pages)
    assert "r1" in reader.pages[0].extract_text()
    assert "ญี่ปุ่น" in letters(reader.pages[6].extract_text())


def letters(text: str) -> str:
    """Without spaces and line ends, which a PDF does not keep; sara am written in one of its two ways."""
    return (
        "".join(text.split())
        .replace("\u0e4d\u0e32", "\u0e33")
        .replace("\u0e4d\u0e49\u0e32", "\u0e49\u0e33")
        .replace("\u0e49\u0e4d\u0e32", "\u0e49\u0e33")
    )


@pytest.mark.parametrize(("ratio", "shape"), [("16:9", 16 / 9), ("4:3", 4 / 3)])
def test_pictures_are_whole_pages_of_the_shape_asked_for(story: Story, ratio: str, shape: float) -> None:
    from PIL import Image

    found = handouts.pictures(story, ratio, ppi=40)
    assert len(found) == len(handouts.before(story)) + len(story.slides) + len(handouts.after(story))
    assert all(
        Image.open(io.BytesIO(p)).width / Image.open(io.BytesIO(p)).height == pytest.approx(shape, rel=0.01) for p in found
    )


def test_the_pictures_come_numbered_in_a_zip_file(story: Story) -> None:
    names = zipfile.ZipFile(io.BytesIO(handouts.make("png", story))).namelist()
    assert [n[-6:] for n in names] == [f"0{n}.png" for n in range(1, 7)]


def test_the_workbook_has_the_numbers_behind_every_slide_and_runs_nothing(story: Story) -> None:
    changes = pd.DataFrame({"สไลด์": [1], "ขณะนั้น": ["=2+2"]})
    book = openpyxl.load_workbook(io.BytesIO(handouts.xlsx(story, "https://x.go.th", changes)))
    assert book.sheetnames == ["สารบัญ", "สไลด์ 1", "สไลด์ 2", "สไลด์ 3", "Slide 4", "ขณะนั้นและปัจจุบัน"]
    for name in book.sheetnames[1:5]:
        cells = [[c.value for c in row] for row in book[name].iter_rows()]
        assert ["น้ำปู่", 1200, "'=1+1"] in [row[:3] for row in cells]
        assert [DEMO] in [row[:1] for row in cells]
        assert any(row[1] == "https://x.go.th/grants?province=40&at=r1" for row in cells)
        assert len(book[name]._images) == 1
    assert all(c.data_type != "f" for sheet in book for row in sheet.iter_rows() for c in row)


def test_an_empty_story_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no slides"):
        handouts.write_all(Story("ว่าง"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_does_not_fit_is_cut_between_rows() -> None:
    many = slide("ยาว", rows=tuple((f"จังหวัด {n}", float(n), "หมายเหตุยาวมาก " * 12) for n in range(40)))
    tall, low = (len(fitting.fit_table(many, 9.0, height).rows) for height in (6.0, 2.0))
    assert 0 < low < tall < 40


def test_marks_above_and_below_thai_letters_take_no_room() -> None:
    assert fitting.letters("ที่นี่") == fitting.letters("ทน")


def test_the_command_writes_the_same_files(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(stories.SHELF.folder.parent))
    assert cli.main(["report", story.title, "--out", str(tmp_path), "--kinds", "xlsx,pdf"]) == cli.DONE
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".pdf", ".xlsx"]
    assert cli.main(["report", "ไม่มี", "--out", str(tmp_path)]) == cli.USAGE
    assert cli.main(["report", story.id, "--out", str(tmp_path), "--kinds", "doc"]) == cli.USAGE
    assert "ไม่มีชุดนำเสนอ" in capsys.readouterr().err
