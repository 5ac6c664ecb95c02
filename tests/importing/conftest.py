"""Small files with the traps of real ones, generated here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from data_access.publishing import drafts
from data_access.store.engines import DuckdbStore

Grid = list[list[Any]]

TITLED: Grid = [
    ["จำนวนผู้รับการสงเคราะห์ ประจำปีงบประมาณ ๒๕๖๕", None, None, None, None, None],
    ["หน่วย : คน", None, None, None, None, None],
    ["ที่", "จังหวัด", "จำนวนกลุ่มเป้าหมาย", None, None, None],
    [None, None, "ชาย", "หญิง", "ไม่ระบุ", "รวม"],
    ["ภาคเหนือ", None, None, None, None, None],
    [1, "จ.เชียงใหม่", 10, 20, 1, 31],
    [2, "ลำปาง", None, None, None, 7],
    ["รวมภาคเหนือ", None, 10, 20, 1, 38],
    ["ที่", "จังหวัด", "ชาย", "หญิง", "ไม่ระบุ", "รวม"],
    [3, "สงขลา", "๑,๐๐๐", 5, None, 1005],
    [4, "ระยอง", 11, 21, None, 21],
    [5, "เลย", 4, 4, 4, 12],
    [6, "ตรัง", 2, 2, 2, 6],
    [None, None, None, None, None, None],
    ["รวมทั้งสิ้น", None, 1027, 52, 7, 1093],
    ["หมายเหตุ: ข้อมูล ณ วันที่ 30 ก.ย. 65", None, None, None, None, None],
    [None, None, None, "(ลงชื่อ) ........................", None, None],
]
MERGED = ["C3:F3", "A3:A4", "B3:B4", "A1:F1"]


def person_id(n: int) -> str:
    """An invented 13-digit number with a right check digit."""
    digits = f"1{n:011d}"
    total = sum(int(d) * w for d, w in zip(digits, range(13, 1, -1), strict=True))
    return digits + str((11 - total % 11) % 10)


@pytest.fixture(scope="session")
def empty_draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a new draft, made once: empty tables and the reference places."""
    folder = tmp_path_factory.mktemp("draft")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(folder))
        return folder / "drafts" / f"{drafts.new_draft(None).id}.duckdb"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_draft: Path, store: str) -> Path:
    """An empty data directory, and no key for IDs; a new draft in a DuckDB file is a copy of the one made for the session."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SAMOEPHAK_HOME", str(folder))
    monkeypatch.delenv("SAMOEPHAK_ID_KEY", raising=False)
    if store == "postgres":
        return folder
    create = DuckdbStore.create_draft

    def copy(store: DuckdbStore, draft_id: str, base_release: str | None) -> None:
        if base_release:
            create(store, draft_id, base_release)
        else:
            shutil.copyfile(empty_draft, store.drafts / f"{draft_id}.duckdb")

    monkeypatch.setattr(DuckdbStore, "create_draft", copy)
    monkeypatch.setattr(drafts, "_fill_reference", lambda draft: None)
    return folder


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Writes grids as the sheets of an XLSX file; `change` does to each sheet what somebody would by hand."""

    def write(
        *grids: Grid, merged: list[str] | None = None, name: str = "file.xlsx", change: Callable[[Any], None] | None = None
    ) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for i, grid in enumerate(grids, 1):
            sheet = book.create_sheet(f"Sheet{i}")
            for row in grid:
                sheet.append(row)
            for cells in merged or []:
                sheet.merge_cells(cells)
            if change:
                change(sheet)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes text in an encoding."""

    def write(text: str, encoding: str = "utf-8", name: str = "file.csv") -> Path:
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    return write


def as_csv(grid: Grid) -> str:
    """A grid as CSV text."""
    return pd.DataFrame(grid).to_csv(index=False, header=False)
