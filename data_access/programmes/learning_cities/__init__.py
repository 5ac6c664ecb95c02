"""Area-based education and Learning Cities."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Learning Cities"), ":material/location_city:", N_("Programmes"), 50)
UNITS = {N_("levels"): "level", N_("levels a year"): "level a year"}
