"""Every format and encoding gives the same grid; what cannot be read is refused in words."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from data_access.importing import limits, reading
from data_access.importing.databases import ask
from data_access.importing.inspecting import inspect
from data_access.importing.loading import load
from data_access.importing.problems import ImportRefused
from data_access.importing.reading import read_file

ROWS = [["จังหวัด", "จำนวน"], ["เชียงใหม่", "1,234"], ["สงขลา", "56"]]
TEXT = "".join(f'"{a}","{b}"\n' for a, b in ROWS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_encodings(text_file: Callable[..., Path], encoding: str, delimiter: str) -> None:
    path = text_file(TEXT.replace('","', f'"{delimiter}"'), encoding, "ข้อมูล.txt")
    assert read_file(path)[0].cells == ROWS


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_endings(text_file: Callable[..., Path], ending: str) -> None:
    assert read_file(text_file(TEXT.replace("\n", ending)))[0].cells == ROWS


def test_workbooks(tmp_path: Path) -> None:
    frame = pd.DataFrame({"จังหวัด": ["เชียงใหม่", "สงขลา"], "จำนวน": [1234, 56]})
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_excel(tmp_path / "a.ods", index=False, engine="odf")
    frame.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "web.xls").write_text(
        "<html><meta charset='utf-8'><table><tr><th>จังหวัด<th>จำนวน<tr><td>เชียงใหม่<td>1234<tr><td>สงขลา<td>56</table>",
        encoding="utf-8",
    )
    for name in ("a.xlsx", "a.ods", "a.parquet", "web.xls"):
        sheet = read_file(tmp_path / name)[0]
        assert [row[0] for row in sheet.cells] == ["จังหวัด", "เชียงใหม่", "สงขลา"], name
        assert [float(row[1]) for row in sheet.cells[1:]] == [1234, 56], name


def test_content_not_extension(tmp_path: Path) -> None:
    pd.DataFrame({"a": ["x"], "b": [1]}).to_excel(tmp_path / "a.xlsx", index=False)
    renamed = (tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    assert read_file(renamed)[0].cells == [["a", "b"], ["x", 1.0]]


def test_html_spans(text_file: Callable[..., Path]) -> None:
    html = "<table><tr><th rowspan=2>จังหวัด<th colspan=2>จำนวน<tr><th>ชาย<th>หญิง<tr><td>เลย<td>1<td>2</table>"
    sheet = read_file(text_file(html, name="x.xls"))[0]
    assert sheet.cells[1] == [None, "ชาย", "หญิง"]
    assert (0, 1, 0, 2) in sheet.merged


def test_refusals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = {
        "empty.csv": b"  \n",
        "damaged.xlsx": b"PK\x03\x04 not a zip",
        "other.xls": b"\xd0\xcf\x11\xe0" + b"0" * 600,
        "picture.csv": b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\xff\xd8",
    }
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ImportRefused) as refusal:
            inspect(tmp_path / name)
        assert refusal.value.message("th")
    with pytest.raises(ImportRefused):
        inspect(tmp_path / "absent.csv")
    monkeypatch.setattr(reading, "LIMITS", limits.Limits(file_bytes=3))
    (tmp_path / "big.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ImportRefused, match="limit"):
        inspect(tmp_path / "big.csv")


def test_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(ImportRefused, match="unpacks"):
        inspect(tmp_path / "bomb.xlsx")


def test_too_many_rows_or_columns(text_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMITS", limits.Limits(rows=2))
    with pytest.raises(ImportRefused, match="rows"):
        inspect(text_file(TEXT))


def test_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    frame = pd.DataFrame({"จังหวัด": ["เชียงใหม่", "สงขลา"], "ประชากร": [10, 20], "ปี": [2564, 2564]})
    engine = sa.create_engine(url)
    frame.to_sql("people", engine, index=False)
    engine.dispose()
    assert ask(url, "people").rows.to_numpy().tolist()[0] == ["เชียงใหม่", 10, 2564]
    report = load(url, "reported:population.registered", query="SELECT * FROM people WHERE ประชากร > 5", dry_run=True)
    assert report.ok
    assert report.sheets[0].rows_loaded == 2
    for query in ("absent", "DELETE FROM people", "SELECT 1; DROP TABLE people"):
        with pytest.raises(ImportRefused):
            ask(url, query)
    with pytest.raises(ImportRefused) as refusal:
        ask("nosuch://user:secret@host/db", "people")
    assert "secret" not in refusal.value.message("en")
