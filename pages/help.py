"""Help: tours for each audience, the glossary, and a way to tell the makers something."""

from __future__ import annotations

from ui.blocks import blocks
from ui.frame import help, shell
from ui.kit import guide
from ui.view.text import _


def page() -> None:
    """The page."""
    blocks.header(_("A tour"))
    guide.tours()
    blocks.header(_("Glossary"))
    help.terms()
    blocks.header(_("Tell us"))
    help.remark()


if __name__ == "__main__":
    shell.guard("help")
