"""Files that leave the dashboard carry their context: CSV, XLSX and PNG, taken the way a reader takes them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page

from tests.browser.driving import PATIENCE, Server, open_page, settled


@pytest.fixture
def view(page: Page, server: Server) -> Page:
    """Grants in the North-East, in English."""
    return open_page(page, server, "grants", lang="en", period="2565-1", region="northeast")


def take(page: Page, kind: str) -> tuple[str, bytes]:
    """Download the linked view's file by its button: (name, content)."""
    page.locator(".st-key-grants_menu button").first.click()
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.locator(f".st-key-grants_{kind.lower()} button").click()
    settled(page)
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_csv_has_a_bom_and_its_context_in_every_row(view: Page) -> None:
    name, content = take(view, "CSV")
    assert name.endswith(".csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows
    for row in rows:
        assert "Semester 1/2565" in row["Filters"]
        assert "2568" in row["As of"]
        assert row["Release"] in name
        assert row["Source"]
        assert "suppressed" in row["Suppression"].lower()
        assert "DEMONSTRATION" in row["Notice"]
    if "Province" in rows[0]:
        assert "Khon Kaen" in {r["Province"] for r in rows}


def test_xlsx_opens_and_has_a_sheet_about_its_numbers(view: Page) -> None:
    name, content = take(view, "XLSX")
    book = load_workbook(io.BytesIO(content))
    numbers, about = book["Numbers"], book["About these numbers"]
    assert numbers.max_row > 5
    facts = dict(about.iter_rows(max_col=2, values_only=True))
    assert facts["Release"] in name
    assert "Semester 1/2565" in facts["Filters"]
    assert "DEMONSTRATION" in facts["Notice"]


def test_png_is_a_picture_on_light_paper(view: Page) -> None:
    from PIL import Image

    name, content = take(view, "PNG")
    assert name.endswith(".png")
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert min(picture.size) > 500
    assert min(picture.getpixel((2, 2))) > 240
    assert len(picture.resize((200, 200)).getcolors(40000)) > 20  # something is drawn
