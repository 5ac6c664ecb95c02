"""The pages of a story, set by Typst, which shapes Thai by itself: as PDF, and as the pictures that are shown on the screen."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from charts.style import LIGHT
from data_access.contract.settings import settings
from data_access.saved.stories import Slide, Story, picture_path
from handouts import spine
from handouts.common import fact_lines, file_stem, qr_png, superseded, view_link
from handouts.fitting import RATIOS, fit_table, words
from handouts.pdf_text import readable
from i18n import N_, format_number, gettext

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "assets" / "reports" / "story.typ"
FONTS = ROOT / "assets" / "fonts"
ANNEX_ROWS = 120
SCREEN_PPI = 144
TONES = {"good": LIGHT.target, "late": LIGHT.alert, "neither": LIGHT.muted, "info": LIGHT.muted}
"""The colour of words that tell how things stand."""


def pdf(story: Story, ratio: str = "16:9", base: str = "") -> bytes:
    """The slides as they were shown, then the table behind each."""
    return readable(_compile(story, ratio, base, annex=True, format="pdf")[0])


def pictures(story: Story, ratio: str = "16:9", base: str = "", ppi: int = SCREEN_PPI) -> list[bytes]:
    """Each page as a PNG: cover and agenda, the slides, decisions and sources (`handouts.spine`)."""
    return _compile(story, ratio, base, annex=False, format="png", ppi=ppi)


def zipped(story: Story, ratio: str = "16:9", base: str = "") -> bytes:
    """The pictures in one ZIP file, numbered."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number, picture in enumerate(pictures(story, ratio, base), start=1):
            archive.writestr(f"{file_stem(story)}-{number:02}.png", picture)
    return buffer.getvalue()


def _compile(story: Story, ratio: str, base: str, *, annex: bool, **how: Any) -> list[bytes]:
    import typst

    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "story.typ").write_bytes(TEMPLATE.read_bytes())
        content = _content(story, ratio, base, annex, here)
        found = typst.compile(
            str(here / "story.typ"),
            root=folder,
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
            **how,
        )
    return found if isinstance(found, list) else [found]


def _content(story: Story, ratio: str, base: str, annex: bool, folder: Path) -> dict[str, Any]:
    width, height = RATIOS[ratio]
    return {
        "title": story.title,
        "width": width,
        "height": height,
        "lang": spine.lang_of(story),
        "ink": LIGHT.ink,
        "muted": LIGHT.muted,
        "grid": LIGHT.grid,
        "accent": LIGHT.accent,
        "alert": LIGHT.alert,
        "tones": TONES,
        "demo": spine.demo_of(story),
        "logo": _logo(folder),
        "before": [asdict(front) for front in spine.before(story)],
        "after": [asdict(front) for front in spine.after(story)],
        "annex": annex,
        "slides": [_page(story, s, n, base, folder, ratio) for n, s in enumerate(story.slides, start=1)],
    }


def _logo(folder: Path) -> str:
    """The logo of the cover as a file beside the template; empty without one."""
    logo = settings().cover_logo
    if logo is None:
        return ""
    (folder / logo.name).write_bytes(logo.read_bytes())
    return logo.name


def _page(story: Story, slide: Slide, number: int, base: str, folder: Path, ratio: str) -> dict[str, Any]:
    link = view_link(story, slide, base)
    (folder / f"qr{number}.png").write_bytes(qr_png(link))
    source = picture_path(story.id, slide.id)
    drawn = slide.has_picture and source.is_file()
    if drawn:
        (folder / f"slide{number}.png").write_bytes(source.read_bytes())
    rows = [[words(c, slide.lang) for c in row] for row in slide.rows]
    width, height = RATIOS[ratio]
    top = fit_table(slide, width - 1.0, height - 2.6 - 0.3 * (slide.text.count("\n") + 1 if slide.text else 0))
    there = len(rows) + slide.left_out
    return {
        "number": number,
        "title": slide.title,
        "subtitle": slide.subtitle,
        "tones": list(slide.tones),
        "lang": slide.lang,
        "text": slide.text,
        "alt": slide.alt or slide.title,
        "remarks": slide.remarks,
        "facts": " · ".join(fact_lines(slide, superseded(story, slide.lang))),
        "picture": f"slide{number}.png" if drawn else "",
        "qr": f"qr{number}.png",
        "qr_alt": gettext(N_("QR code of the link to this view"), slide.lang),
        "link": link,
        "link_words": gettext(N_("Open this view"), slide.lang),
        "head": top.columns,
        "top": top.rows,
        "widths": top.widths,
        "size": top.size,
        "more": _more(there - len(top.rows), slide.lang),
        "all_head": list(slide.columns),
        "all": rows[:ANNEX_ROWS],
        "all_more": _more(there - ANNEX_ROWS, slide.lang),
        "numbers_title": gettext(N_("Numbers behind slide {n}"), slide.lang, n=number),
    }


def _more(rows: int, lang: str) -> str:
    if rows <= 0:
        return ""
    return gettext(N_("{n} more rows are in the workbook."), lang, n=format_number(rows, lang))
