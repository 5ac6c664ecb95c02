"""MOU review: a prepared story, presented on the whole screen and handed out as it was shown."""

from __future__ import annotations

from ui import shell

shell.guard("mou_review")

from ui import review  # noqa: E402

review.page()
