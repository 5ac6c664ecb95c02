"""Hand-outs of a frozen story: PPTX, PDF, XLSX and PNG from what the story holds. No Streamlit, no SQL, no browser.

All of them print the same words; the PDF, the pictures and the presentation on the screen are the same pages.
"""

from handouts.common import superseded, view_link
from handouts.fitting import RATIOS
from handouts.pages import pdf, pictures, zipped
from handouts.slides import pptx
from handouts.workbook import xlsx
from handouts.writing import KINDS, file_name, make, write_all

__all__ = [
    "KINDS",
    "RATIOS",
    "file_name",
    "make",
    "pdf",
    "pictures",
    "pptx",
    "superseded",
    "view_link",
    "write_all",
    "xlsx",
    "zipped",
]
