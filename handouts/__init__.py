"""Hand-outs of a frozen story: PPTX, PDF, XLSX and PNG from what the story holds. No Streamlit, no SQL, no browser.

All of them print the same words; the PDF, the pictures and the presentation on the screen are the same pages. What writes them is imported
when it is first asked for: most visitors of the app take no hand-out, and the libraries take a second to load.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handouts.common import published, superseded, view_link
    from handouts.fitting import RATIOS
    from handouts.pages import pdf, pictures, zipped
    from handouts.slides import pptx
    from handouts.spine import after, before
    from handouts.workbook import xlsx
    from handouts.writing import KINDS, file_name, make, write_all

__all__ = [
    "KINDS",
    "RATIOS",
    "after",
    "before",
    "file_name",
    "make",
    "pdf",
    "pictures",
    "pptx",
    "published",
    "superseded",
    "view_link",
    "write_all",
    "xlsx",
    "zipped",
]
MODULES = {
    "common": ("published", "superseded", "view_link"),
    "fitting": ("RATIOS",),
    "pages": ("pdf", "pictures", "zipped"),
    "slides": ("pptx",),
    "spine": ("after", "before"),
    "workbook": ("xlsx",),
    "writing": ("KINDS", "file_name", "make", "write_all"),
}


def __getattr__(name: str) -> Any:
    for module, names in MODULES.items():
        if name in names:
            return getattr(import_module(f"handouts.{module}"), name)
    raise AttributeError(name)
