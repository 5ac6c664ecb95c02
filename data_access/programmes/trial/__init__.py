"""The Reach Up × cash-transfer trial."""

from data_access.programmes.light import Menu
from i18n import N_

MENU = Menu(N_("Reach Up trial"), ":material/science:", N_("Programmes"), 40)
UNITS = {
    N_("families"): "family",
    N_("areas"): "area",
    N_("sub-districts"): "sub-district",
    N_("sample groups"): "sample group",
    N_("visits"): "visit",
}
