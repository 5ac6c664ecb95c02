"""What a story's numbers have become: in words on the page, in numbers in the workbook."""

from __future__ import annotations

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest

import handouts
from charts.style import Style
from data_access.saved.stories import Slide, Story
from data_access.store.releases import require_release
from data_access.who.access import OPERATOR
from ui.meetings import review
from ui.view import view as views
from ui.view.view import View

FOUND = pd.DataFrame(
    {
        "slide": [1, 1, 2, 2],
        "title": ["a", "a", "b", "b"],
        "indicator": ["grant.basic_recipients", "grant.basic_recipients", "grant.coverage", "grant.coverage"],
        "keys": ["", "province=40", "", "province=40"],
        "period": ["2565-1", "2565-1", "2565-1", "2565-1"],
        "before": [200.0, 0.0, 0.5, np.nan],
        "before_state": ["value", "zero", "value", "absent"],
        "after": [150.0, 20.0, 0.6, 0.7],
        "after_state": ["value", "value", "value", "value"],
    }
)


@pytest.mark.usefixtures("demo_home")
def test_differences_are_told_with_their_share_and_are_numbers_in_the_workbook() -> None:
    with views.drawing(View("mou_review", require_release(), Style("en"), OPERATOR, {"lang": "en"})):
        said, counted = review.change_words(FOUND), review.change_numbers(FOUND)
    assert said["Change in %"].tolist() == ["−25.0%", "", "+20.0%", ""]  # nothing of nought, nothing of what was not there
    assert counted["Difference"].tolist()[:3] == [-50.0, 20.0, pytest.approx(10.0)]  # rates in per cent
    assert counted["Difference in % of then"].tolist()[0] == -25.0
    slide = Slide("a", "t", "t", (), ("x",), ((1.0,),), "grants", "en", ())
    book = openpyxl.load_workbook(io.BytesIO(handouts.xlsx(Story("s", release="r1", slides=(slide,)), "", counted)))
    sheet = book[book.sheetnames[-1]]
    (head,) = [row for row in sheet.iter_rows() if "Difference" in [c.value for c in row]]
    at = [c.value for c in head].index("Difference")
    first = sheet.cell(head[0].row + 1, at + 1)
    assert first.value == -50.0
    assert first.data_type == "n"
