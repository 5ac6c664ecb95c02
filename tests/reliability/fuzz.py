"""Files made to break the importer: each must be loaded right or refused in words, in bounded time and memory, with nothing half there."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd

from data_access.contract.errors import SamoephakError
from data_access.importing.inspecting import inspect
from data_access.importing.loading import load
from data_access.importing.missing_rows import KEEP
from data_access.importing.words import report_text
from data_access.publishing import drafts
from data_access.store import releases

KINDS = ("reported:population.registered", "reported:pao.budget", "school", "centre_semester", "pupil_grant", "lao")
SLOWEST = 20.0  # seconds for one file
RISKY = (
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "\t=1",
    "\r=1",
    "<script>alert(1)</script>",
    "**bold**",
    "$x^2$",
)
ODD = (
    "",
    " ",
    "\x00",
    "\ufeff",
    "\u200b",
    "ก" * 5000,
    "9" * 400,
    "1e309",
    "nan",
    "-0",
    "٣",
    "๑๒๓",
    "1/1/0001",
    "31/12/9999",
    "29/2/2566",
    "2567-13",
    "ปี 9999",
    "0",
    "1",
)
NAMES = (
    "a.csv",
    "../../etc/passwd.csv",
    "..\\..\\x.csv",
    "con.csv",
    "ไฟล์.csv",
    "a" * 150 + ".csv",
    ".csv",
    "a.xlsx",
    "a.xls",
    "a.ods",
    "a.txt",
    "a.pdf",
    "a.zip",
    "a",
)
PROVINCES = ("เชียงใหม่", "ขอนแก่น", "Songkhla", "ลพบุรี", "กทม.", "บึงกาฬ", "40", "Loburi", "")


class Maker:
    """Makes one odd file after another from one stream of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def file(self, folder: Path) -> Path:
        """The next file, under a name of its own choice."""
        content, ending = self.chance.choice(self._makers())()
        for _time in range(self.chance.choice((0, 0, 1, 1, 2, 5))):
            content = self._mutated(content)
        name = self.chance.choice(NAMES) if self.chance.random() < 0.3 else f"file.{ending}"
        safe = name.replace("/", "_").replace("\\", "_").replace("\x00", "_")
        path = folder / safe
        path.write_bytes(content)
        return path

    def kind(self) -> str:
        """What a file is loaded as; most often what `_good` files hold."""
        return self.chance.choice((*KINDS, "reported:pao.budget", "reported:pao.budget", "reported:pao.budget"))

    def _makers(self) -> list[Callable[[], tuple[bytes, str]]]:
        return (
            [self._good] * 5
            + [self._csv] * 6
            + [self._xlsx] * 3
            + [self._html, self._bomb, self._entities, self._noise, self._wide, self._zip]
        )

    def _value(self) -> str:
        pick = self.chance.random()
        if pick < 0.55:
            return str(self.chance.randrange(-5, 100000))
        if pick < 0.75:
            return self.chance.choice(ODD)
        return self.chance.choice(RISKY) if pick < 0.9 else self.chance.choice(PROVINCES)

    def _rows(self) -> list[list[str]]:
        heads = ["จังหวัด", "ประชากร", "งบประมาณ", "ปี", "โรงเรียน", "เพศ", "รหัสศูนย์", "ภาคเรียน", "จังหวัด", "เลขประจำตัวประชาชน"]
        width = self.chance.randrange(1, 9)
        rows = [[self.chance.choice(heads) for _c in range(width)]]
        if self.chance.random() < 0.3:
            rows.insert(0, ["รายงานประจำปี " + self.chance.choice(("2566", "1", "9999", "พ.ศ. 2400"))])
        for _row in range(self.chance.randrange(0, 25)):
            row = [self.chance.choice(PROVINCES), *(self._value() for _c in range(width - 1))]
            rows.append(row[: self.chance.randrange(1, width + 2)])
        return rows

    def _good(self) -> tuple[bytes, str]:
        """A table that the importer would load, with an odd cell now and then."""
        rows = [["จังหวัด", "งบประมาณ", "ปีงบประมาณ"]]
        for place in self.chance.sample(("เชียงใหม่", "ขอนแก่น", "สงขลา", "ลพบุรี", "ตาก", "เลย", "น่าน"), 5):
            row = [place, str(self.chance.randrange(10**6)), "2565"]
            if self.chance.random() < 0.06:
                row[self.chance.randrange(3)] = self._value()
            rows.append(row)
        if self.chance.random() < 0.5:
            return "\n".join(",".join(row) for row in rows).encode("utf-8-sig"), "csv"
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", c) for c in row])  # type: ignore[union-attr]
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue(), "xlsx"

    def _csv(self) -> tuple[bytes, str]:
        separator = self.chance.choice((",", ",", ";", "\t", "|"))
        end = self.chance.choice(("\n", "\r\n", "\r"))
        quote = self.chance.choice(("", '"'))
        text = end.join(separator.join(f"{quote}{c}{quote}" for c in row) for row in self._rows())
        encoding = self.chance.choice(("utf-8", "utf-8-sig", "cp874", "utf-16", "utf-32", "latin-1"))
        return text.encode(encoding, errors="ignore"), "csv"

    def _xlsx(self) -> tuple[bytes, str]:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in self._rows():
            sheet.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", c)[:32000] for c in row])
        if self.chance.random() < 0.3:
            sheet.merge_cells(
                start_row=1, end_row=self.chance.randrange(2, 30), start_column=1, end_column=self.chance.randrange(2, 9)
            )
        if self.chance.random() < 0.2:
            sheet.cell(self.chance.choice((1048576, 5000)), self.chance.choice((1, 16384)), "far away")
        if self.chance.random() < 0.2:
            book.create_sheet("ว่าง")
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue(), "xlsx"

    def _html(self) -> tuple[bytes, str]:
        cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in self._rows())
        entity = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" if self.chance.random() < 0.3 else ""
        return f"{entity}<html><table>{cells}</table>&a;</html>".encode(), "xls"

    def _bomb(self) -> tuple[bytes, str]:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * self.chance.choice((10_000, 3_000_000)))
        return buffer.getvalue(), "xlsx"

    def _entities(self) -> tuple[bytes, str]:
        levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
        xml = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{levels}]><workbook>&a8;</workbook>'
        content, _ending = self._xlsx()
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
            victim = self.chance.choice(old.namelist())
            for name in old.namelist():
                new.writestr(name, xml if name == victim else old.read(name))
        return buffer.getvalue(), "xlsx"

    def _noise(self) -> tuple[bytes, str]:
        return self.chance.randbytes(self.chance.randrange(0, 4000)), self.chance.choice(("csv", "xlsx", "xls", "ods"))

    def _wide(self) -> tuple[bytes, str]:
        columns = self.chance.choice((1100, 16384))
        return (",".join(["จังหวัด"] * columns) + "\n" + ",".join(["1"] * columns)).encode(), "csv"

    def _zip(self) -> tuple[bytes, str]:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(self.chance.choice(("../up.csv", "a.csv", "b/c.xlsx")), self._csv()[0])
        return buffer.getvalue(), self.chance.choice(("zip", "xlsx", "ods", "csv"))

    def _mutated(self, content: bytes) -> bytes:
        if not content:
            return content
        data, at = bytearray(content), self.chance.randrange(len(content))
        how = self.chance.randrange(5)
        if how == 0:
            data[at] ^= 1 << self.chance.randrange(8)
        elif how == 1:
            del data[at : at + self.chance.randrange(1, 200)]
        elif how == 2:
            data[at:at] = self.chance.choice((b"\x00", b"\xff\xfe", b'"', b"\n", "ฺ".encode(), b"\x1a")) * self.chance.randrange(
                1, 9
            )
        elif how == 3:
            data[at:at] = data[max(0, at - 300) : at]
        else:
            data = data[:at]
        return bytes(data)


def run(files: int, folder: Path, seed: int = 2565, progress: Callable[[int], None] = lambda _n: None) -> Counter[str]:
    """Give `files` odd files to the importer; how they ended. Works in the data directory of the settings, whose release must stay.

    Raises:
        AssertionError: a file took too long, left a draft behind although it was refused, or changed what readers see.
        Exception: anything that the importer did not put into words.
    """
    maker, ended, before = Maker(seed), Counter[str](), releases.current_release()
    for number in range(files):
        path = maker.file(folder)
        began = time.monotonic()
        try:
            ended[one(path, maker.kind())] += 1
        except Exception as error:
            error.add_note(f"file {number} of seed {seed}: {path.name}, {path.stat().st_size} bytes")
            raise
        assert time.monotonic() - began < SLOWEST, f"file {number} of seed {seed} took too long"
        path.unlink()
        progress(number + 1)
    assert releases.current_release() == before
    return ended


def one(path: Path, kind: str) -> str:
    """Give one file to the importer: `refused` (cannot be read), `errors` (read, and refused with a report) or `loaded`."""
    try:
        inspect(path)
        report = load(path, kind, missing=KEEP)
    except SamoephakError as error:
        return _left_nothing("refused" if error.message("th") else "refused without a word")
    assert report_text(report, "th")
    for problem in report.problems:
        assert problem.message("th")
        assert "{" not in problem.message("en").replace(problem.found or "\0", "")
    if not report.ok:
        return _left_nothing("errors")
    draft = drafts.draft_in_progress()
    assert draft is not None
    written = draft.read(report.table)
    assert isinstance(written, pd.DataFrame)
    draft.discard()
    return "loaded"


def _left_nothing(how: str) -> str:
    assert drafts.draft_in_progress() is None, "a refused file left a draft behind"
    return how
