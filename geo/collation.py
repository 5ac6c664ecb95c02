"""Order of a Thai dictionary.

Source: the rules of the Royal Institute Dictionary as ISO/IEC 14651 writes them down: a leading vowel counts after its
consonant; tone marks, ็ and ์ only decide between words that are otherwise equal. Code points of consonants and vowels
are already in that order.
"""

from __future__ import annotations

import re

from geo.text import DIGITS

_LEADING = re.compile("([เ-ไ])([ก-ฮ])")
_MARKS = "็่้๊๋์ํ๎"


def thai_sort_key(text: str) -> tuple[str, tuple[str, ...], str]:
    """A key for `sorted` that puts Thai text in dictionary order.

    Other scripts keep their code point order before Thai; case, spaces and punctuation decide last.

    Returns:
        (letters, marks of each letter, the text itself); compare only with other keys of this function.
    """
    moved = _LEADING.sub(r"\2\1", text.translate(DIGITS).casefold().replace("ํา", "ำ"))
    letters: list[str] = []
    marks: list[str] = []
    for character in moved:
        if character in _MARKS:
            # A mark after a moved vowel ("เก่า" -> ก เ ่ า) still ranks below any difference of letters.
            marks[-1:] = [marks[-1] + character] if marks else []
        elif character.isalnum() or "ก" <= character <= "๎":
            letters.append(character)
            marks.append("")
    return "".join(letters), tuple(marks), text
