"""Data: bring files in, publish and roll back releases, see how good the data are, look definitions up."""

from __future__ import annotations

from ui import shell

shell.guard("data")

from data_access.access import ADMINISTRATOR, GUEST, STEWARD  # noqa: E402
from i18n import N_  # noqa: E402
from ui import fields, person, state  # noqa: E402
from ui.datadesk import audit, dictionary, importing, people, quality, releases  # noqa: E402
from ui.text import _  # noqa: E402

TABS = {
    "import": (N_("Import"), importing.show, STEWARD),
    "releases": (N_("Releases"), releases.show, GUEST),
    "quality": (N_("Quality"), quality.show, GUEST),
    "dictionary": (N_("Data dictionary"), dictionary.show, GUEST),
    "people": (N_("People"), people.show, ADMINISTRATOR),
    "audit": (N_("Audit log"), audit.show, ADMINISTRATOR),
}
allowed = [name for name, (*_parts, role) in TABS.items() if person.may(role)]


tab = str(state.get("tab") if state.get("tab") in allowed else allowed[0])
names = {name: _(TABS[name][0]) for name in allowed}
# what belongs to one tab alone does not follow to the next
fields.segments("data_tab", names, _("Part of the page"), tab, lambda code: state.put(tab=code, measure=None, compare=None))
TABS[tab][1]()
