"""Targets of the agreement, year by year."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Targets"), ":material/flag:", N_("Results and policy"), 10)
