"""What agencies report in totals, where nothing finer gives it. The record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from data_access.programmes.base import REPORTED as FAMILY
from data_access.programmes.base import REPORTED_TABLE, Family, Programme
from data_access.programmes.reported.indicators import REPORTED
from i18n import N_


def demo(world: Any, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The invented rows."""
    from data_access.demo import readiness

    return {"reported_value": readiness.reported_value(world)}


PROGRAMME = Programme(
    title=N_("Reported by agencies"),
    order=60,
    families=(Family(FAMILY, REPORTED_TABLE, "As reported by agencies", tuple(REPORTED)),),
    demo=demo,
)
