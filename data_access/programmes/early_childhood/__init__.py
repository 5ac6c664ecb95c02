"""Child-development centres of local authorities."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Early childhood"), ":material/child_care:", N_("Programmes"), 30)
UNITS = {N_("centres"): "centre", N_("children"): "child", N_("children per teacher"): ""}
