"""MOU review: a prepared story, presented on the whole screen and handed out as it was shown."""

from __future__ import annotations

from data_access.who.access import PRESENTER
from ui.entry import person
from ui.frame import drawing, shell
from ui.meetings import review, templates
from ui.view import shown


def page() -> None:
    """The page."""
    if person.may(PRESENTER) and person.scope().everywhere:
        templates.examples(shown.release(), drawing.dialogs_of)
    review.page(drawing.dialogs_of)


if __name__ == "__main__":
    shell.guard("mou_review")
