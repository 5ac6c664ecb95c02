"""Kept views: views under a name for everybody, with dated and signed notes that open the view as it was."""

from __future__ import annotations

from ui.frame import shell
from ui.kit import navigation
from ui.meetings import saved_views
from ui.view.text import _


def page() -> None:
    """The page."""
    saved_views.page({name: _(title) for name, (title, _icon, _menu) in navigation.PAGES.items()})


if __name__ == "__main__":
    shell.guard("kept_views")
