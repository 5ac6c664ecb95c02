"""The school-readiness survey and learning loss."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Learning loss"), ":material/trending_down:", N_("Learning and paths"), 10)
UNITS = {N_("SD per day"): ""}
