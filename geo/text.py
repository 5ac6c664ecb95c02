"""Bringing the ways of writing one name together."""

from __future__ import annotations

import re
import unicodedata

DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

# Typing slips that look right on screen: two เ for แ, a split or doubled ำ, a tone mark before its vowel.
_SLIPS = (("เเ", "แ"), ("ํา", "ำ"), ("ํำ", "ำ"))
_TONE_FIRST = re.compile("([่-๋])([ัิ-ฺํ])")
_DROPPED = re.compile(r"[^0-9a-zก-ฺเ-๎]")

_PREFIXES = {
    "province": r"จังหวัด|จ\.|จว\.|changwat\b|province of\b",
    "district": r"อำเภอ|กิ่งอำเภอ|อ\.|เขต|amphoe\b|amphur\b|khet\b|district of\b",
    "subdistrict": r"ตำบล|ต\.|แขวง|tambon\b|tambol\b|khwaeng\b|khwang\b",
}
_SUFFIXES = {"province": r"province|จังหวัด", "district": r"district", "subdistrict": r"sub-?\s?district"}


def clean(text: str) -> str:
    """Text without zero-width characters and typing slips, digits western, case folded, spaces single."""
    plain = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    plain = plain.translate(DIGITS).casefold()
    for wrong, right in _SLIPS:
        plain = plain.replace(wrong, right)
    return " ".join(_TONE_FIRST.sub(r"\2\1", plain).split())


def key(text: str) -> str:
    """What is left to compare: ascii letters without accents, Thai letters and marks, digits."""
    plain = clean(text)
    latin = "".join(c for c in unicodedata.normalize("NFD", plain) if not "̀" <= c <= "ͯ")
    return _DROPPED.sub("", latin)


def keys(text: str, level: str) -> tuple[str, ...]:
    """Keys of a name as written and without the word for its level ("จังหวัด", "Khet", ...), most literal first."""
    plain = clean(text)
    bare = re.sub(rf"^({_PREFIXES[level]})\s*", "", plain)
    bare = re.sub(rf"[\s,]*\b({_SUFFIXES[level]})$", "", bare) if bare == plain else bare
    return tuple(dict.fromkeys(k for k in (key(plain), key(bare)) if k))
