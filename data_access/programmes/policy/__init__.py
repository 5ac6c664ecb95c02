"""Rates in force: lunch, basic needs, grants."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Policy rates"), ":material/price_change:", N_("Results and policy"), 20)
