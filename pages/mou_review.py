"""MOU review: a prepared story, presented on the whole screen and handed out as it was shown."""

from __future__ import annotations

from ui.frame import shell
from ui.meetings import review


def page() -> None:
    """The page."""
    review.page()


if __name__ == "__main__":
    shell.guard("mou_review")
