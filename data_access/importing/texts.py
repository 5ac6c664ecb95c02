"""Delimited text: the mark between its cells, its records, and what only looks like a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import numpy as np

from data_access.importing.problems import ImportRefused
from data_access.importing.values import is_number
from i18n import N_

GAP = re.compile(r"[ \u00a0]{2,}")
_OF_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
csv.field_size_limit(1_000_000)


def delimiter_of(lines: list[str]) -> str:
    """The mark that most lines have between their cells."""
    counts = {mark: [line.count(mark) for line in lines] for mark in ("\t", ",", ";", "|")}
    return max(counts, key=lambda mark: (sum(n > 0 for n in counts[mark]), sum(counts[mark])))


def refuse_aligned(lines: list[str], name: str, delimiter: str = "") -> None:
    """Refuse a text of fixed width: columns that spaces alone keep apart would be read as one.

    Raises:
        ImportRefused: with the first such row; blank lines count.
    """
    filled = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    gapped = [(n, GAP.split(line)) for n, line in filled if not delimiter or delimiter not in _OF_THOUSANDS.sub("", line)]
    gapped = [(n, parts) for n, parts in gapped if len(parts) > 1]
    if 2 * len(gapped) < len(filled):
        gapped = _single_spaces(filled) if not delimiter or not any(delimiter in line for _, line in filled) else []
    parted = [(n, parts) for n, parts in gapped if any(map(is_number, parts))]
    if len(parted) < 2 or 2 * len(gapped) < len(filled) or 3 * len(parted) < len(filled):
        return
    row, parts = parted[0]
    raise ImportRefused(
        N_(
            "The columns of {name} are kept apart by spaces alone: row {row} is one cell that falls into {n} parts. "
            "Save it as CSV in the program that it comes from, or take the columns apart in a spreadsheet and save that as XLSX"
        ),
        name=name,
        row=row,
        n=len(parts),
    )


def _single_spaces(filled: list[tuple[int, str]]) -> list[tuple[int, list[str]]]:
    """Rows of words and numbers with one space between them, where a row of headings above falls into as many words."""
    parted = [(n, line.split()) for n, line in filled]
    first = next((i for i, (_, parts) in enumerate(parted) if len(parts) > 1 and is_number(parts[-1])), 0)
    width = len(parted[first - 1][1]) if first else 0
    return [(n, parts) for n, parts in parted[first:] if len(parts) == width > 1 and is_number(parts[-1])]


# ---- records
def records(lines: Iterable[str], delimiter: str, name: str, done: Callable[[], None] = lambda: None) -> Iterator[list[Any]]:
    """The cells of each record; `done` is called when all lines of one have been taken.

    Raises:
        ImportRefused: a quotation mark is not closed, so that cells or rows run into one; a cell is longer than any is.
    """
    taken: list[str] = []
    at = 0

    def remembered() -> Iterator[str]:
        nonlocal at
        for line in lines:
            at += 1
            taken.append(line)
            yield line

    feed = remembered()
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        first = at + 1
        taken.clear()
        try:
            row = next(reader)
            closed = len(taken) == 1 or not _run_together(row, delimiter)
        except StopIteration:
            return
        except csv.Error:
            if not any('"' in line for line in taken):
                words = N_(
                    "A cell in row {row} of {name} has more than {limit} letters, which no table needs. Shorten it, or take it out"
                )
                raise ImportRefused(words, row=first, name=name, limit=csv.field_size_limit()) from None
            row = _leniently(chain(list(taken), feed), delimiter)
            closed = len(taken) == 1 and not any(delimiter in cell for cell in row)
        if not closed:
            raise _not_closed(first, name)
        done()
        yield row


def _leniently(lines: Iterable[str], delimiter: str) -> list[Any]:
    """A record with a mark within its quotation marks (`"the "old" school"`); without cells where it cannot be read at all."""
    try:
        return next(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return [delimiter]


def _run_together(row: list[str], delimiter: str) -> bool:
    """Whether a line within a cell has as many cells as its row: two quotation marks that were not closed have found each other."""
    between = re.compile(rf"{re.escape(delimiter)}(?!\s)")
    lines = (line for cell in row if "\n" in cell for line in cell.split("\n"))
    return any(len(between.findall(_OF_THOUSANDS.sub("", line))) >= max(len(row) - 1, 1) for line in lines)


def _not_closed(row: int, name: str) -> ImportRefused:
    return ImportRefused(
        N_(
            "A quotation mark in row {row} of {name} is not closed, so that the rows under it run into one cell. "
            "Remove it, or close it"
        ),
        row=row,
        name=name,
    )


def count_lines(blocks: Iterator[bytes], encoding: str, delimiter: str, name: str) -> int:
    """How many lines a long text has; `blocks` end with whole lines. Records with quotation marks are looked into.

    Raises:
        ImportRefused: a quotation mark is not closed, a cell is longer than any is.
    """
    lines = _Quoted(blocks, encoding, delimiter)
    try:
        for _record in records(lines, delimiter, name, lines.begin):
            pass
    except ImportRefused as error:
        raise ImportRefused(error.msgid, **{**error.params, "row": lines.began}) from error
    return lines.number


class _Quoted:
    """The lines of a text with a quotation mark that may not be closed, and those that the record begun there goes on over."""

    def __init__(self, blocks: Iterator[bytes], encoding: str, delimiter: str) -> None:
        self.blocks, self.encoding, self.delimiter = blocks, encoding, delimiter
        self.number, self.began, self.within = 0, 0, False

    def begin(self) -> None:
        """The next line asked for begins a record."""
        self.within = False

    def __iter__(self) -> Iterator[str]:
        for block in self.blocks:
            if not self.within and _closed(block, self.delimiter):
                self.number += block.count(b"\n")
                continue
            for line in io.BytesIO(block):
                self.number += line.endswith(b"\n")
                if self.within or b'"' in line:
                    self.began = self.began if self.within else self.number + (not line.endswith(b"\n"))
                    self.within = True
                    yield line.decode(self.encoding, "replace").replace("\r\n", "\n").replace("\r", " ")


def _closed(block: bytes, delimiter: str) -> bool:
    """Whether every quotation mark stands at the beginning or the end of a cell of one line: nothing is to be looked into."""
    if b'"' not in block:
        return True
    letters = np.frombuffer(block + b"\n", np.uint8)
    marks, ends = np.flatnonzero(letters == ord('"')), np.flatnonzero(letters == ord("\n"))
    outside = (ord(delimiter), ord("\n"), ord("\r"))
    return (
        not (np.searchsorted(marks, ends) % 2).any()
        and bool(np.isin(letters[marks[::2] - 1], outside).all())
        and bool(np.isin(letters[marks[1::2] + 1], outside).all())
    )
