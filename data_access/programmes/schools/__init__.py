"""Schools: those that develop themselves (TSQP), the register, results."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Schools"), ":material/school:", N_("Programmes"), 20)
UNITS = {N_("schools"): "school", N_("teachers"): "teacher", N_("pupils per teacher"): ""}
