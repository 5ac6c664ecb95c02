"""All hand-outs of a story as files: what the page's buttons and the command `report` both call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from data_access.contract.errors import UsageError
from data_access.saved.stories import Story
from handouts.common import file_stem
from handouts.pages import pdf, zipped
from handouts.slides import pptx
from handouts.workbook import xlsx
from i18n import N_

KINDS = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "application/zip",
}
"""Kind of hand-out -> its media type; the pictures come as a ZIP file."""


def make(kind: str, story: Story, ratio: str = "16:9", base: str = "", changes: pd.DataFrame | None = None) -> bytes:
    """One hand-out as bytes.

    Raises:
        UsageError: the story has no slides.
    """
    if not story.slides:
        raise UsageError(N_("The story has no slides yet"))
    if kind == "xlsx":
        return xlsx(story, base, changes)
    return {"pptx": pptx, "pdf": pdf, "png": zipped}[kind](story, ratio, base)


def file_name(kind: str, story: Story) -> str:
    """The name under which a hand-out is saved."""
    return f"{file_stem(story)}{'-png.zip' if kind == 'png' else '.' + kind}"


def write_all(
    story: Story,
    folder: Path,
    *,
    kinds: Sequence[str] = tuple(KINDS),
    ratio: str = "16:9",
    base: str = "",
    changes: pd.DataFrame | None = None,
) -> list[Path]:
    """Write the hand-outs into a folder; all are made before the first is written, so no half set is left behind."""
    made = {file_name(kind, story): make(kind, story, ratio, base, changes) for kind in kinds}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in made]
