"""Out-of-school children and youth, and informal workers."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Out of school"), ":material/person_search:", N_("Programmes"), 60)
UNITS = {N_("persons"): "person"}
