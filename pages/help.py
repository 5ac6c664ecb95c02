"""Help: tours for each audience, the glossary, and a way to tell the makers something."""

from __future__ import annotations

from ui import sheet, shell

shell.guard("help")

from ui import guide, helping  # noqa: E402
from ui.text import _  # noqa: E402

sheet.header(_("A tour"))
guide.offer()
sheet.header(_("Glossary"))
helping.terms()
sheet.header(_("Tell us"))
helping.remark()
