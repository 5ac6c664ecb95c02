"""`python -m ui.web.first_page`: the page that opens first is drawn and kept (`ui.frame.page_cache`), so that neither its first reader nor a server that starts waits for it; and the
examples of the demonstration are made (`ui.meetings.templates`).

It is drawn in every language, light and dark. The command line does so when it has changed what readers are served. Where people sign in
nothing is drawn: who may come, and what they may see, is known when they are there.
"""

from __future__ import annotations

from charts.style import Style
from data_access.store.releases import require_release
from data_access.who.access import OPERATOR
from i18n import LANGUAGES
from ui.entry import start_link
from ui.frame import drawing
from ui.meetings import templates
from ui.view import address
from ui.view.view import View
from ui.web import server

FIRST = "overview"
DARK = (False, True)


def draw() -> None:
    """Draw and keep the first page, where it is not kept already."""
    release = require_release()
    templates.examples(release, drawing.dialogs_of)
    for language in LANGUAGES:
        for dark in DARK:
            parts = {} if language == address.DEFAULTS["lang"] else {"lang": language}
            drawing.show(View(FIRST, release, Style(language, dark), OPERATOR, parts))


def main() -> None:
    """Draw it as a server with these settings would, in its time zone; nothing where people sign in."""
    if not server.options(listens=False)["secrets"] and start_link.nobody_signs_in():
        draw()


if __name__ == "__main__":
    main()
