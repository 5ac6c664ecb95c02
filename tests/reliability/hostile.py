"""Files that are small on the disk and large in memory: each given to the importer in a process of its own, whose peak is measured."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as parquet
import xlwt

MOST = 400 * 1024**2
"""Bytes that reading a file may take beside the libraries, or four times the file where that is more."""
LIBRARIES = 160 * 1024**2
"""Bytes that a process of its own takes before it has read anything."""
_MEASURE = """
import re, sys, threading, time
from pathlib import Path
from data_access.contract.errors import SamoephakError
from data_access.importing.reading import read_file
peak = lambda: int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])  # ru_maxrss would count who started this
before, words, apart = peak(), "read", 0
def look():  # at the process that reads the file for this one
    global apart
    me = Path("/proc/self/task")
    while True:
        for child in " ".join(f.read_text() for f in me.glob("*/children")).split():
            try:
                found = re.search(r"VmHWM:\\s*(\\d+)", Path(f"/proc/{child}/status").read_text())
            except OSError:
                continue
            apart = max(apart, int(found[1])) if found else apart
        time.sleep(0.005)
threading.Thread(target=look, daemon=True).start()
try:
    read_file(sys.argv[1])
except SamoephakError as error:
    words = "refused in words" if error.message("th") else ""
print(peak() - before, apart, words, sep="|")
"""


@dataclass(frozen=True)
class Taken:
    """What became of a hostile file: its size and the memory that reading it took here and in a process of its own (`data_access.importing.apart`; with
    its libraries), in bytes, and `read` or `refused in words`."""

    name: str
    size: int
    memory: int
    apart: int
    ended: str


def workbook(rows: bytes, words: bytes = b"") -> bytes:
    """A workbook of one sheet with these rows, as a hostile program would write it; `words` are its shared texts."""
    plain, made = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "x"
    book.save(plain)
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = head + rows + b"</sheetData></worksheet>"
            new.writestr(name, content)
        if words:
            texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + words + b"</t></si></sst>"
            new.writestr("xl/sharedStrings.xml", texts)
    return made.getvalue()


def empty_cells(rows: int, columns: int) -> bytes:
    """A CSV file of commas."""
    return (b"," * (columns - 1) + b"\n") * rows


def web_page(cells: int) -> bytes:
    """A page with a table of many small cells."""
    return b"<html><table>" + (b"<tr>" + b"<td>12" * 20 + b"</tr>\n") * (cells // 20) + b"</table></html>"


def many_cells(rows: int, columns: int) -> bytes:
    """A workbook whose cells fill a rectangle of this size."""
    return workbook(b"".join(b'<row r="%d">' % r + b"<c><v>1</v></c>" * columns + b"</row>" for r in range(1, rows + 1)))


def shared_text(cells: int, letters: int) -> bytes:
    """A workbook in which every cell holds the same long text, which the file has once."""
    return workbook(
        b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (r, r) for r in range(1, cells + 1)), b"x" * letters
    )


def far_cells(sheets: int) -> bytes:
    """An XLS file whose sheets have a cell in the first corner and one in the last."""
    made, book = io.BytesIO(), xlwt.Workbook()
    for number in range(sheets):
        sheet = book.add_sheet(f"{number}")
        sheet.write(0, 0, 1)
        sheet.write(65_535, 255, 1)
    book.save(made)
    return made.getvalue()


def old_shared_text(cells: int, letters: int) -> bytes:
    """An XLS file in which every cell holds the same long text, which the file has once."""
    made, book = io.BytesIO(), xlwt.Workbook()
    sheet, text = book.add_sheet("x"), "x" * letters
    for row in range(cells):
        sheet.write(row, 0, text)
    book.save(made)
    return made.getvalue()


def open_document(rows: int, columns: int, letters: int) -> bytes:
    """An ODS file with one cell that is repeated over a rectangle."""
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>{"x" * letters}</text:p></table:table-cell>'
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    body = (
        f'<table:table table:name="x"><table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row></table:table>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return made.getvalue()


def dictionary(rows: int, letters: int) -> bytes:
    """A Parquet file whose rows share one text of a dictionary."""
    made = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * letters]))
    parquet.write_table(pa.table({"x": column, "n": list(range(rows))}), made, compression="zstd")
    return made.getvalue()


FILES: dict[str, Callable[[], bytes]] = {
    "empty cells.csv": lambda: empty_cells(31_000, 1_000),
    "one row.csv": lambda: b"," * (31 * 1024**2),
    "short cells.csv": lambda: b"a,b\n" + (b"12," * 29 + b"12\n") * 330_000,
    "page.xls": lambda: web_page(7_000_000),
    "many cells.xlsx": lambda: many_cells(150_000, 50),
    "shared text.xlsx": lambda: shared_text(60_000, 30_000),
    "shared text.xls": lambda: old_shared_text(60_000, 30_000),
    "far cells.xls": lambda: far_cells(50),
    "repeated text.ods": lambda: open_document(2_000, 900, 30_000),
    "repeated cell.ods": lambda: open_document(1_900, 1_000, 2),
    "dictionary.parquet": lambda: dictionary(100_000, 1_000_000),
    "long dictionary.parquet": lambda: dictionary(200_000, 1_000_000),
}


def run(folder: Path) -> Iterator[Taken]:
    """Give each file to the importer; raises AssertionError when one takes more than it may, or ends without a word."""
    for name, make in FILES.items():
        path = folder / name
        path.write_bytes(make())
        command = [sys.executable, "-c", _MEASURE, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
        here, apart, words = done.stdout.strip().split("|")
        taken = Taken(name, path.stat().st_size, int(here) * 1024, int(apart) * 1024, words)
        assert taken.ended, taken
        assert taken.memory <= max(MOST, 4 * taken.size), taken
        assert taken.apart <= max(MOST, 4 * taken.size) + LIBRARIES, taken
        path.unlink()
        yield taken
