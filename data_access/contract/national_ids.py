"""National IDs in what people write: found however they are disguised, and hidden. The one mask of the house.

Text that is stored passes it where it is written to the disk (`releases.write_atomically`, `audit.record`, `drafts.conform`); reports, exports and
the log pass it too. It needs no library, so that a page that is kept can use it.

What is an ID: 13 digits of any script, the first from 1 to 8, in whole groups that up to three marks (spaces, dashes, dots, slashes, underscores, commas, asterisks, signs of addresses) and any
number of invisible characters hold together, and either the check digit fits or they are grouped as on the card (1-4-5-2-1). What is none: numbers with commas
between thousands, decimals below one, dates, times of day, digests, any other 13 digits whose check digit does not fit, and groups in a list of numbers
(spaces or commas between more than 20 digits) unless they are grouped as on the card. One in eleven numbers of 13 digits fits by chance and is hidden too.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LENGTH, SHOWN = 13, 2
CARD = (1, 4, 5, 2, 1)
LIST = 20  # digits; a chain of more, apart by spaces or commas, is a list of numbers
_BULLET = "•"

_DIGIT = (  # what `unicodedata.digit` reads
    r"[\d²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒\u1369-\u1371\u19da"
    "\U00010a40-\U00010a43\U00010e60-\U00010e68\U00011052-\U0001105a\U0001f100-\U0001f10a]"
)
_UNSEEN = (  # fillers of Hangul are letters that nobody sees
    "\u00ad\u0300-\u036f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e01ef"
)
_MARK = rf"(?:[^\w%‰+=<>×÷±฿$€£¥{_BULLET}{_UNSEEN}]|_)"
_JOINT = rf"(?:[{_UNSEEN}]*{_MARK}){{0,3}}[{_UNSEEN}]*"
_ENOUGH = re.compile(rf"{_DIGIT}(?:{_JOINT}{_DIGIT}){{{LENGTH - 1}}}")
_GROUP = re.compile(rf"{_DIGIT}+")
_CHAIN = re.compile(rf"{_DIGIT}+(?:{_JOINT}{_DIGIT}+)*")
_APART = re.compile(r"[\s,]")

_YEAR, _MONTH, _DAY = r"(?:19|20|21|24|25|26)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_DIGEST = r"(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})"
_NUMBERS = re.compile(
    "|".join(
        (
            rf"{_BULLET}+\d\d(?!\d)",  # what is hidden already
            rf"(?<![0-9A-Za-z]){_DIGEST}(?![0-9A-Za-z])",
            r"(?<!\d)(?<!\d[^\w\s])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![^\w\s]?\d)",
            r"(?<!\d)(?<!\d[^\w\s])0\.\d+(?![^\w\s]?\d)",
            rf"(?<!\d){_DAY}([/.-]){_MONTH}\1{_YEAR}(?!\d)(?!\1\d)",
            rf"(?<!\d)(?<!\d-){_YEAR}-{_MONTH}-{_DAY}(?!\d|-\d)",
            r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?![\d:])",
        )
    )
)
_OWN_DIGEST = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{16}")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Found:
    """Where an ID stands in a text, and its digits; several that share digits are one."""

    start: int
    end: int
    digits: str


def plain_digits(text: str) -> str:
    """The digits of a text, whatever their script, as 0 to 9; letters and marks are left out."""
    return "".join(str(n) for n in (unicodedata.digit(c, None) for c in text) if n is not None)


def digits_of(text: str) -> str:
    """The 13 digits of a text that holds nothing else but the marks between them; "" of any other text."""
    if len(text) < LENGTH or not _ENOUGH.fullmatch(text.strip()):
        return ""
    return plain_digits(text)


def valid_id(digits: str) -> bool:
    """Whether 13 digits carry the check digit of a Thai national ID (weights 13 to 2, modulo 11)."""
    if not re.fullmatch(r"[1-8][0-9]{12}", digits):
        return False
    total = sum(int(d) * w for d, w in zip(digits, range(LENGTH, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(digits[-1])


def find(text: str, every: bool = False) -> list[Found]:
    """The national IDs of a text, in order; with `every` also other numbers of 13 digits that stand by themselves."""
    if len(text) < LENGTH or not _ENOUGH.search(text) or _OWN_DIGEST.fullmatch(text):
        return []
    found: list[Found] = []
    for start, end in _between_numbers(text):
        for chain in _CHAIN.finditer(text, start, end):
            found += _in_chain(text, [m.span() for m in _GROUP.finditer(text, *chain.span())], every)
    return found


def _between_numbers(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that are no number of another kind."""
    start = 0
    for number in _NUMBERS.finditer(text):
        yield start, number.start()
        start = number.end()
    yield start, len(text)


def _in_chain(text: str, groups: list[tuple[int, int]], every: bool) -> Iterator[Found]:
    digits = [plain_digits(text[start:end]) for start, end in groups]
    total = sum(map(len, digits))
    covered: list[tuple[int, int]] = []  # first and last group; those that share a group are one
    for first in range(len(groups)):
        last, length = first, len(digits[first])
        while length < LENGTH and last + 1 < len(groups):
            last += 1
            length += len(digits[last])
        if length != LENGTH:
            continue
        number = "".join(digits[first : last + 1])
        on_card = tuple(map(len, digits[first : last + 1])) == CARD and "1" <= number[0] <= "8"
        listed = total > LIST and any(_APART.search(text, groups[i][1], groups[i + 1][0]) for i in range(first, last))
        if on_card or (not listed and (valid_id(number) or (every and (first == last or total == LENGTH)))):
            if covered and first <= covered[-1][1]:
                covered[-1] = (covered[-1][0], last)
            else:
                covered.append((first, last))
    for first, last in covered:
        yield Found(groups[first][0], groups[last][1], "".join(digits[first : last + 1]))


def masked(text: str, every: bool = False) -> str:
    """A text in which each national ID is hidden but for its last two digits (see the module for what is one; `every` as in `find`)."""
    parts, start = [], 0
    for one in find(text, every):
        parts += [text[start : one.start], _BULLET * (len(one.digits) - SHOWN), one.digits[-SHOWN:]]
        start = one.end
    return "".join((*parts, text[start:]))


def typed(text: str, longest: int) -> str:
    """What somebody typed, as it is kept: without national IDs, trimmed, and no longer than may be (an ID is hidden before it could be cut in two)."""
    return masked(text).strip()[:longest]


def masked_json(document: str) -> str:
    """A JSON document in which every text is `masked`; numbers, and everything else, stay as they are."""

    def hide(literal: re.Match[str]) -> str:
        if len(literal[0]) < LENGTH + 2:
            return literal[0]
        text = json.loads(literal[0])
        return literal[0] if (hidden := masked(text)) == text else json.dumps(hidden, ensure_ascii=False)

    return _LITERAL.sub(hide, document)
