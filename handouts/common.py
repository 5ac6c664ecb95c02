"""What every hand-out prints of a slide: facts, the link back, its QR code, and whether newer data are out."""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from data_access.contract.errors import ReleaseError
from data_access.contract.national_ids import masked
from data_access.contract.settings import settings
from data_access.saved.stories import Slide, Story
from data_access.store.releases import get_release, served_release
from i18n import N_, format_date, format_time, gettext

if TYPE_CHECKING:
    from openpyxl import Workbook

LOCAL = "http://localhost:8501"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def view_link(story: Story, slide: Slide, base: str = "") -> str:
    """The address that opens the view of a slide on the release of the story.

    Args:
        base: scheme and host of the app; by default that of the settings, else this machine's.
    """
    root = (base or settings().public_url or LOCAL).rstrip("/")
    page, sign, query = slide.address.partition("?")
    return f"{root}/{page}?{query}{'&' if sign and query else ''}{urlencode({'at': story.release})}"


def qr_png(link: str, scale: int = 8) -> bytes:
    """A QR code as a picture."""
    import segno

    buffer = io.BytesIO()
    segno.make(link, error="m", micro=False).save(buffer, kind="png", scale=scale, border=2)
    return buffer.getvalue()


def superseded(story: Story, lang: str) -> str:
    """A sentence when another release is current than the one that the story shows; empty otherwise."""
    now, _damaged = served_release()
    if not story.release or now is None or now.id == story.release:
        return ""
    return gettext(
        N_("Newer data are out: published {new}, as of {as_of}. This story shows those published {old}, as they were."),
        lang,
        new=published(now.id, lang),
        as_of=format_date(now.as_of, lang),
        old=published(story.release, lang),
    )


def published(release_id: str, lang: str) -> str:
    """A release as readers are told of it: by when it was published; by its id where it is no longer there."""
    try:
        return format_time(get_release(release_id).published_at, lang)
    except ReleaseError:
        return release_id


def fact_lines(slide: Slide, notice: str = "") -> list[str]:
    """The facts as "label: words", the title left out; first whatever must be said about the release."""
    return ([notice] if notice else []) + [f"{label}: {words}" for label, words in slide.facts[1:]]


def file_stem(story: Story) -> str:
    """A file name for the story: its title as far as a file system takes it, and its release."""
    words = re.sub(r"[^\w\u0E00-\u0E7F]+", "-", story.title).strip("-")[:60]
    return f"samoephak-{words or story.id}-{story.release}"


def inert(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula made harmless, national IDs in it masked; a missing number as nothing; everything else as it is."""
    if isinstance(value, str):
        value = masked(value)
        return "'" + value if value.startswith(RISKY) else value
    return None if isinstance(value, float) and math.isnan(value) else value


def without_formulas(book: Workbook) -> bytes:
    """A workbook as a file in which every cell that looks like a formula is text."""
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
