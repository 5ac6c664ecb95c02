"""Makes the text of a PDF by Typst come out right when it is copied, searched or read aloud.

Typst maps the first glyph of a Thai cluster (letter, vowel, tone mark) to the whole cluster and the others to nothing; a mark that
it lifts above another one becomes a run of its own, which says the cluster once more: readers find นั้นั้น for นั้น. Here every
glyph is mapped to its own character instead. Which one that is tells its outline, which the embedded font shares with Sarabun's.
The drawing stays as it is.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, String

FONTS = Path(__file__).parent.parent / "assets" / "fonts"
SHOWING = ("Tj", "TJ")
SARA_AM = "\u0e33"


def readable(raw: bytes) -> bytes:
    """The same PDF, with text that readers find as it was written."""
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        widths: dict[Any, set[int]] = {}
        for page in pdf.pages:
            fonts = dict(page.Resources.get("/Font", {}).items())
            for font in fonts.values():
                if font.objgen not in widths:
                    widths[font.objgen] = _wide(font)
                    _map_glyphs(pdf, font)
            wide = {name: widths[font.objgen] for name, font in fonts.items()}
            kept = _spoken_once(list(pikepdf.parse_content_stream(page)), wide)
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
        return buffer.getvalue()


# ---- glyphs ------------------------------------------------------------------------------------------------------------
@cache
def _known_outlines() -> Mapping[tuple, str]:
    """Outline -> text, for every glyph of the house fonts; of two characters drawn alike the first one."""
    found: dict[tuple, str] = {}
    for path in sorted(FONTS.glob("*.ttf")):
        font = TTFont(path)
        texts = _texts(font)
        for glyph in sorted(texts, key=texts.__getitem__):
            found.setdefault(_outline(font, glyph), texts[glyph])
    return found


def _texts(font: TTFont) -> dict[str, str]:
    """Glyph name -> text: by the character map, then by what a glyph stands for in another shape or is joined from."""
    texts = {glyph: chr(code) for code, glyph in sorted(font.getBestCmap().items(), reverse=True)}
    lookups = [s for lookup in font["GSUB"].table.LookupList.Lookup for s in lookup.SubTable]
    for _round in range(3):  # a shape of a shape of a letter
        for table in (getattr(s, "ExtSubTable", s) for s in lookups):
            for glyph, other in getattr(table, "mapping", {}).items():
                if isinstance(other, str) and glyph in texts:
                    texts.setdefault(other, texts[glyph])
            for first, ligatures in getattr(table, "ligatures", {}).items():
                for one in ligatures:
                    parts = (first, *one.Component)
                    if all(p in texts for p in parts):
                        texts.setdefault(one.LigGlyph, "".join(texts[p] for p in parts))
    return texts


def _outline(font: TTFont, glyph: str) -> tuple:
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(pen)
    return tuple((name, *points) for name, points in pen.value)


def _map_glyphs(pdf: pikepdf.Pdf, font: Any) -> None:
    """Give a font a table from glyph to text; glyphs of an unknown outline keep what Typst says of them."""
    descriptor = font.DescendantFonts[0].FontDescriptor
    if "/FontFile2" not in descriptor:
        return
    embedded = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()))
    known = _known_outlines()
    texts = {}
    for number, glyph in enumerate(embedded.getGlyphOrder()):
        outline = _outline(embedded, glyph)
        if outline and outline in known:
            texts[number] = known[outline]
    texts |= {n: t for n, t in _told(font.ToUnicode.read_bytes()).items() if n not in texts}
    font.ToUnicode = pdf.make_stream(_to_unicode(texts))


def _told(cmap: bytes) -> dict[int, str]:
    """The single mappings of a ToUnicode table."""
    found = {}
    for line in cmap.decode("ascii", "ignore").splitlines():
        parts = line.strip().strip("<>").split("> <")
        if line.startswith("<") and len(parts) == 2 and all(p and not set(p) - set("0123456789ABCDEFabcdef") for p in parts):
            found[int(parts[0], 16)] = bytes.fromhex(parts[1]).decode("utf-16-be", "ignore")
    return found


def _to_unicode(texts: Mapping[int, str]) -> bytes:
    lines = [f"<{n:04X}> <{t.encode('utf-16-be').hex().upper()}>" for n, t in sorted(texts.items()) if t]
    blocks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\nendcmap\n"
        "CMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


# ---- text beside the glyphs ------------------------------------------------------------------------------------------------
def _spoken_once(instructions: list[Any], wide: Mapping[str, set[int]]) -> list[Any]:
    """Where a mark is drawn as a run of its own, neither it nor the run before it says the whole cluster beside its glyphs."""
    font, opened, before = "", [], None
    repeated: set[int] = set()
    for position, one in enumerate(instructions):
        operator = str(one.operator)
        if operator == "Tf":
            font = str(one.operands[0])
        elif operator == "BDC":
            opened.append(position)
        elif operator == "EMC" and opened:
            opened.pop()
        elif operator in SHOWING:
            here = opened[-1] if opened else None
            if font in wide and _only_marks(one.operands[0], wide[font]):
                repeated |= {p for p in (here, before) if p is not None}
            before = here
    for position in repeated:
        if (said := _said(instructions[position])) is not None and SARA_AM not in said:
            del instructions[position].operands[-1]["/ActualText"]
    return instructions


def _said(one: Any) -> str | None:
    """The text that a span gives beside its glyphs."""
    if str(one.operator) != "BDC" or not isinstance(one.operands[-1], Dictionary) or "/ActualText" not in one.operands[-1]:
        return None
    return str(one.operands[-1]["/ActualText"])


def _wide(font: Any) -> set[int]:
    """The glyphs of a font that take room; `W` holds first, last, width or first, [widths]."""
    entries = list(font.DescendantFonts[0].get("/W", [])) if "/DescendantFonts" in font else []
    found: set[int] = set()
    while entries:
        first, after = int(entries.pop(0)), entries.pop(0)
        if isinstance(after, Array):
            found |= {first + n for n, width in enumerate(list(after)) if float(width) > 0}
        elif float(entries.pop(0)) > 0:
            found |= set(range(first, int(after) + 1))
    return found


def _only_marks(shown: Any, wide: set[int]) -> bool:
    """Whether a text operand shows glyphs, and none of them takes room; glyphs are two bytes each."""
    parts = [bytes(p) for p in (list(shown) if isinstance(shown, Array) else [shown]) if isinstance(p, String)]
    glyphs = [int.from_bytes(p[i : i + 2], "big") for p in parts for i in range(0, len(p), 2)]
    return bool(glyphs) and wide.isdisjoint(glyphs)
