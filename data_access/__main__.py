"""`python -m data_access`: the command line."""

import subprocess
import sys

from data_access.cli import main
from i18n import N_, gettext

OPENING = (sys.executable, "-m", "ui.web.first_page")
"""Draws the page that opens first: a program of its own, since nothing here may import the pages."""


def draw_opening(lang: str) -> None:
    """Have the page that opens first drawn of the release just served. When that fails, its first reader waits for it, nothing else."""
    print(gettext(N_("Drawing the page that opens first"), lang), file=sys.stderr, flush=True)
    drawn = subprocess.run(OPENING, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if drawn.returncode:
        print(gettext(N_("It could not be drawn; its first reader waits for it"), lang), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(served=draw_opening))
