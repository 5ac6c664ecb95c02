"""Words and numbers in Thai and English. A leaf package: it knows nothing of the rest of the project.

Message ids are English format strings; Thai lives in `assets/locales/th/LC_MESSAGES/samoephak.po`.
"""

from i18n.messages import LANGUAGES, N_, gettext, ngettext, translator
from i18n.numbers import (
    format_date,
    format_money,
    format_number,
    format_percent,
    format_period,
    format_short,
    format_time,
    format_value,
    learn,
    letters,
    unit_name,
)

__all__ = [
    "LANGUAGES",
    "N_",
    "format_date",
    "format_money",
    "format_number",
    "format_percent",
    "format_period",
    "format_short",
    "format_time",
    "format_value",
    "gettext",
    "learn",
    "letters",
    "ngettext",
    "translator",
    "unit_name",
]
