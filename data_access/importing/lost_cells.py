"""Cells of XLSX files that a reader of values passes over: formula errors, and formulas saved without a result."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

import lxml.etree
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.S)
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[^>]*>([^<]*)<")
_PARSER = lxml.etree.XMLParser(resolve_entities=False, no_network=True)

Found = dict[tuple[int, int], str]


def lost_cells(data: bytes) -> dict[str, Found]:
    """Sheet name -> {(row, column), 0-based: "#REF!" or "=A1+B1"} of an XLSX file; empty for any other file.

    A formula has no stored result when a program wrote the file and no spreadsheet has calculated it since.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: _in_sheet(archive.read(path)) for name, path in _sheets(archive).items()}
    except (zipfile.BadZipFile, KeyError, lxml.etree.XMLSyntaxError, NotImplementedError):
        return {}  # not XLSX (ODS has no xl/workbook.xml); the reader of values says what is wrong with a damaged file


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


def _in_sheet(xml: bytes) -> Found:
    if b't="e"' not in xml and not re.search(rb"<(?:\w+:)?f\b", xml):
        return {}
    found: Found = {}
    for attributes, body in _CELL.findall(xml):
        place = re.search(rb'\br="([A-Z]+\d+)"', attributes)
        lost = _lost(attributes, body)
        if lost and place:
            column, row = coordinate_from_string(place[1].decode())
            found[row - 1, column_index_from_string(column) - 1] = lost
    return found


def _lost(attributes: bytes, body: bytes) -> str | None:
    value = _VALUE.search(body)
    if b't="e"' in attributes:
        return value[1].decode() if value else "#REF!"
    if value or b't="str"' in attributes:  # a text result may rightly be empty
        return None
    formula = _FORMULA.search(body)
    return "=" + formula[1].decode("utf-8", "replace") if formula else None
