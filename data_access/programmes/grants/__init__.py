"""Grants to poor pupils: from being found to being paid, and staying in school."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Grants"), ":material/payments:", N_("Programmes"), 10)
UNITS = {N_("pupils"): "pupil", N_("baht per pupil"): ""}
