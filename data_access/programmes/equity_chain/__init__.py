"""The equity chain: children followed from centre to work, and how well registers link."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Equity chain"), ":material/timeline:", N_("Learning and paths"), 20)
UNITS = {N_("records"): "record"}
