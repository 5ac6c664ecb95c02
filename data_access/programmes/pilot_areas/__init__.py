"""Pilot sets: named lists of places."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Pilot areas"), ":material/join:", N_("Places"), 30)
UNITS = {N_("places"): "place", N_("members"): "member", N_("sets"): "set"}
