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

MOST = 400 * 1024**2
"""Bytes that reading a file may take beside the libraries, or four times the file where that is more."""
_MEASURE = """
import re, sys
from pathlib import Path
from data_access.errors import SamoephakError
from data_access.importing.reading import read_file
peak = lambda: int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])  # ru_maxrss would count who started this
before, words = peak(), "read"
try:
    read_file(sys.argv[1])
except SamoephakError as error:
    words = "refused in words" if error.message("th") else ""
print(peak() - before, words, sep="|")
"""


@dataclass(frozen=True)
class Taken:
    """What became of a hostile file: its size and the memory that reading it took, in bytes, and `read` or `refused in words`."""

    name: str
    size: int
    memory: int
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


FILES: dict[str, Callable[[], bytes]] = {
    "empty cells.csv": lambda: empty_cells(31_000, 1_000),
    "one row.csv": lambda: b"," * (31 * 1024**2),
    "short cells.csv": lambda: b"a,b\n" + (b"12," * 29 + b"12\n") * 330_000,
    "page.xls": lambda: web_page(7_000_000),
    "many cells.xlsx": lambda: many_cells(150_000, 50),
    "shared text.xlsx": lambda: shared_text(60_000, 30_000),
}


def run(folder: Path) -> Iterator[Taken]:
    """Give each file to the importer; raises AssertionError when one takes more than it may, or ends without a word."""
    for name, make in FILES.items():
        path = folder / name
        path.write_bytes(make())
        command = [sys.executable, "-c", _MEASURE, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
        kilobytes, _, words = done.stdout.strip().partition("|")
        taken = Taken(name, path.stat().st_size, int(kilobytes) * 1024, words)
        assert taken.ended, taken
        assert taken.memory <= max(MOST, 4 * taken.size), taken
        path.unlink()
        yield taken
