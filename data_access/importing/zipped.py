"""What must be known of XLSX and ODS files beside the values of their cells.

A reader of values passes over formula errors and formulas saved without a result, and sets aside memory for the whole rectangle
that the cells span: one stray cell in the last corner of a sheet would take all of it. It knows neither how a number is displayed, nor
what is raised or hidden. All of that is found here in the XML.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

import lxml.etree

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.S)
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[^>]*>([^<]*)<")
_NOT_XLSX = (
    zipfile.BadZipFile,
    KeyError,
    lxml.etree.XMLSyntaxError,
    NotImplementedError,
    zlib.error,
)  # the reader of values says what is wrong
_PARSER = lxml.etree.XMLParser(resolve_entities=False, no_network=True)

_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"']\s*(\d+)")
_FAR_CELL_ROW = re.compile(rb"\br\s*=\s*[\"']\s*[A-Za-z]+(\d{5,})")  # a cell may name another row than the one it stands in
_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?(row|c)[\s/>]")
_FAR_COLUMN = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{2,})\d")
_WRITTEN_ODDLY = re.compile(rb"\br\s*=\s*[\"'][^\"'<>]*&")  # as entities, which only a hostile program does
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
_ODS_PARTS = re.compile(rb"<table:table |<table:table-row")
_SHARED = re.compile(rb"""t\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*(\d{1,9})\s*<""")
_LETTERS, _FAR, _SMALL = 26, 10**6, 50 * 1024**2

Found = dict[tuple[int, int], str]
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PERCENT = {9: 100.0, 10: 100.0}  # the built-in formats that show a share as per cent
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'])[^>]*?\br\s*=\s*[\"'](\d+)")
_STYLE = re.compile(rb"\bs\s*=\s*[\"'](\d+)")
_TEXT = re.compile(rb"""\bt\s*=\s*["'](?!n["'])""")  # no number: a text, a truth, an error
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]+)(\d+)")


@dataclass(frozen=True)
class Marks:
    """What a sheet says beside its values.

    Attributes:
        lost: cells whose value the file does not hold -> "#REF!" or "=A1+B1". A formula has no stored result when a program wrote the
            file and no spreadsheet has calculated it since.
        raised: cells with a superscript, a footnote mark perhaps -> their text with it written as such.
        hidden: 1-based numbers of rows that are not displayed (a filter, or by hand).
        scales: column -> {by what its numbers are multiplied where they are displayed (100 for per cent, 0.001 for thousands): the last
            row of such a cell}; empty where no format of the file multiplies. Rows and columns of cells are 0-based.
    """

    lost: Found = field(default_factory=dict)
    raised: Found = field(default_factory=dict)
    hidden: tuple[int, ...] = ()
    scales: Mapping[int, Mapping[float, int]] = field(default_factory=dict)


NO_MARKS = Marks()


def extents(data: bytes) -> dict[str, tuple[int, int]]:
    """Sheet name -> (rows, columns) of the rectangle from the first cell to the last; of ODS, of the whole file.

    A little more than the truth is possible (at least 26 columns are counted), never less than 9,999 rows are. Empty for a file of
    another kind, and for one that cannot be taken apart: what is not in the answer is not to be opened.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "content.xml" in archive.namelist():
                return {"": _ods_extent(archive.read("content.xml"))}
            return {name: _extent(archive.read(path)) for name, path in _sheets(archive).items()}
    except _NOT_XLSX:
        return {}


def shared_letters(data: bytes) -> int:
    """At most how many bytes the texts of an XLSX file take when each cell has its own: cells may share one, which readers copy."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "xl/sharedStrings.xml" not in archive.namelist():
                return 0
            lengths = [len(part) for part in archive.read("xl/sharedStrings.xml").split(b"</si>")]
            longest, found = max(lengths), 0
            for path in _sheets(archive).values():
                xml = archive.read(path)
                if (shared := xml.count(b't="s"') + xml.count(b"t='s'")) * longest < _SMALL:
                    found += shared * longest
                else:
                    found += sum(lengths[min(int(n), len(lengths) - 1)] for n in _SHARED.findall(xml))
            return found
    except _NOT_XLSX:
        return 0


def _extent(xml: bytes) -> tuple[int, int]:
    if _WRITTEN_ODDLY.search(xml):
        return _FAR, _FAR
    rows = max((int(r) for pattern in (_ROW, _FAR_CELL_ROW) for r in pattern.findall(xml)), default=0)
    named = {letters.decode().upper() for letters in set(_FAR_COLUMN.findall(xml))}
    columns = max((_column(c) if len(c) < 4 else _FAR for c in named), default=_LETTERS)
    counted, widest = _counted(xml)
    return max(rows, counted), max(columns, widest)


def _column(letters: str) -> int:
    """The number of a column, 1 for A; openpyxl has the same, and takes a third of a second to be imported."""
    return reduce(lambda number, letter: number * 26 + ord(letter) - ord("A") + 1, letters, 0)


def _counted(xml: bytes) -> tuple[int, int]:
    """The rows of a sheet and the most cells in one of them: neither need say where they stand."""
    rows = cells = widest = 0
    for element in _ROW_OR_CELL.finditer(xml):
        if element[1] == b"row":
            rows, cells = rows + 1, 0
        else:
            cells += 1
            widest = max(widest, cells)
    return rows, widest


def _ods_extent(xml: bytes) -> tuple[int, int]:
    """Rows and columns up to the last cell with a value; repeated cells and rows count as often as they are repeated."""
    found = [(0, 0)]
    rows = columns = pending = 0
    begun = [*_ODS_PARTS.finditer(xml)]
    for part, after in zip(begun, [*(m.start() for m in begun[1:]), len(xml)], strict=True):
        if part[0].endswith(b" "):
            found.append((rows, columns))
            rows = columns = pending = 0
            continue
        chunk = xml[part.end() : after]
        pending += _repeats(chunk.split(b">", 1)[0], b"rows")
        if b"office:value-type" in chunk:
            rows, pending = rows + pending, 0
            before_last = chunk[: chunk.rindex(b"office:value-type")] + b">"
            columns = max(columns, sum(_repeats(cell, b"columns") for cell in _ODS_CELL.findall(before_last)))
    found.append((rows, columns))
    return max(found, key=lambda f: f[0] * f[1])


def _repeats(attributes: bytes, what: bytes) -> int:
    match = re.search(rb"table:number-" + what + rb"-repeated\s*=\s*[\"'](\d+)", attributes)
    return int(match[1]) if match else 1


def marks(data: bytes) -> dict[str, Marks]:
    """Sheet name -> its marks, of an XLSX file; empty for any other file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            scales, raised = _scales(archive), _raised(archive)
            return {name: _marks(archive.read(path), scales, raised) for name, path in _sheets(archive).items()}
    except _NOT_XLSX:
        return {}


def _marks(xml: bytes, scales: dict[int, float], raised: dict[int, str]) -> Marks:
    found = Marks(hidden=tuple(int(row) for row in _HIDDEN_ROW.findall(xml)))
    formulas = b't="e"' in xml or bool(re.search(rb"<(?:\w+:)?f\b", xml))
    if not (formulas or scales or raised or b"superscript" in xml):
        return found
    displayed: dict[int, dict[float, int]] = {}
    for cell in _CELL.finditer(xml):
        attributes, body = cell[1], cell[2] or b""
        place = _PLACE.search(attributes)
        if not place:
            continue
        at = int(place[2]) - 1, _column(place[1].decode()) - 1
        if formulas and (lost := _lost(attributes, body)):
            found.lost[at] = lost
        if text := _raised_text(attributes, body, raised):
            found.raised[at] = text
        elif scales and not _TEXT.search(attributes) and b"<" in body:
            style = _STYLE.search(attributes)
            scale = scales.get(int(style[1]), 1.0) if style else 1.0
            last = displayed.setdefault(at[1], {})
            last[scale] = max(last.get(scale, 0), at[0])
    return replace(found, scales=displayed)


def _raised_text(attributes: bytes, body: bytes, raised: dict[int, str]) -> str:
    if b'"inlineStr"' in attributes:
        return _with_superscripts(lxml.etree.fromstring(body, _PARSER)) if b"superscript" in body else ""
    value = _VALUE.search(body) if b't="s"' in attributes else None
    return raised.get(int(value[1]), "") if value and value[1].strip().isdigit() else ""


def _scales(archive: zipfile.ZipFile) -> dict[int, float]:
    """Number of a cell format -> by what it multiplies what it displays; only those that do."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = lxml.etree.fromstring(archive.read("xl/styles.xml"), _PARSER)
    of_number = dict(_PERCENT)
    for number in styles.iter("{*}numFmt"):
        if (scale := _scale(number.get("formatCode", ""))) != 1:
            of_number[int(number.get("numFmtId", "0"))] = scale
    formats = styles.find("{*}cellXfs")
    ids = [int(xf.get("numFmtId", "0")) for xf in formats] if formats is not None else []
    return {i: of_number[n] for i, n in enumerate(ids) if n in of_number}


def _scale(code: str) -> float:
    """By what a number format multiplies: `0.0%` by 100, `#,##0,` by a thousandth, `#,##0,,` by a millionth."""
    first = _QUOTED.sub("", code).split(";", 1)[0]
    if "%" in first:
        return 100.0
    after = re.search(r"[0#?](,+)(?![0#?,])", first)
    return 1000.0 ** -len(after[1]) if after else 1.0


def _raised(archive: zipfile.ZipFile) -> dict[int, str]:
    """Number of a shared text -> the text, of those with superscripts."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return {}
    xml = archive.read("xl/sharedStrings.xml")
    if b"superscript" not in xml:
        return {}
    texts = lxml.etree.fromstring(xml, _PARSER).iter("{*}si")
    return {i: text for i, item in enumerate(texts) if (text := _with_superscripts(item))}


def _with_superscripts(item: lxml.etree._Element) -> str:
    """The text of an item of several runs with the raised ones as superscripts; empty when none is."""
    parts, found = [], False
    for run in item.iter("{*}r"):
        text = "".join(t.text or "" for t in run.iter("{*}t"))
        up = any(a.get("val") == "superscript" for a in run.iter("{*}vertAlign"))
        found |= up and bool(text.strip())
        parts.append(text.translate(SUPERSCRIPT) if up else text)
    return "".join(parts) if found else ""


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> path inside the archive."""
    book = lxml.etree.fromstring(archive.read("xl/workbook.xml"), _PARSER)
    links = lxml.etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), _PARSER)
    targets = {link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target", ""))) for link in links}
    found = {}
    for sheet in book.iter("{*}sheet"):
        link = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        target = targets.get(link, "")
        path = target if target in archive.namelist() else target.removeprefix("xl/").removeprefix("/")
        if path in archive.namelist() and "worksheet" in path:
            found[str(sheet.get("name"))] = path
    return found


def _lost(attributes: bytes, body: bytes) -> str | None:
    value = _VALUE.search(body)
    if b't="e"' in attributes:
        return value[1].decode() if value else "#REF!"
    if value or b't="str"' in attributes:  # a text result may rightly be empty
        return None
    formula = _FORMULA.search(body)
    return "=" + formula[1].decode("utf-8", "replace") if formula else None
