"""Kept views: views under a name for everybody, with dated and signed notes that open the view as it was."""

from __future__ import annotations

from ui import shell

shell.guard("kept_views")

from ui import keeping  # noqa: E402
from ui.text import _  # noqa: E402

keeping.page({name: _(title) for name, (title, _icon, _menu) in shell.PAGES.items()})
