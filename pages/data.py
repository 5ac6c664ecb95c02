"""Data: bring files in, publish and roll back releases, see how good the data are, look definitions up."""

from __future__ import annotations

from data_access.who.access import ADMINISTRATOR, GUEST, STEWARD
from i18n import N_
from ui.blocks import fields
from ui.data_desk import audit, dictionary, importing, measures, people, quality, releases
from ui.entry import person
from ui.frame import shell
from ui.view import address
from ui.view.events import offer
from ui.view.text import _

TABS = {
    "import": (N_("Import"), importing.show, STEWARD),
    "measures": (N_("Measures"), measures.show, STEWARD),
    "releases": (N_("Releases"), releases.show, GUEST),
    "quality": (N_("Quality"), quality.show, GUEST),
    "dictionary": (N_("Data dictionary"), dictionary.show, GUEST),
    "people": (N_("People"), people.show, ADMINISTRATOR),
    "audit": (N_("Audit log"), audit.show, ADMINISTRATOR),
}


def page() -> None:
    """The page."""
    allowed = [name for name, (*_parts, role) in TABS.items() if person.may(role)]

    tab = str(address.get("tab") if address.get("tab") in allowed else allowed[0])
    names = {name: _(TABS[name][0]) for name in allowed}
    # what belongs to one tab alone does not follow to the next
    fields.segments(
        "data_tab", names, _("Part of the page"), tab, offer(address.choose, part="tab", also={"measure": None, "compare": None})
    )
    TABS[tab][1]()


if __name__ == "__main__":
    shell.guard("data")
