"""The embedded demonstration data: invented rows that reproduce the published figures of the MOU report.

Everything here is invented and says so, except what `docs/demo-data.md` lists as sourced. The same call gives the same
tables: every module draws from its own generator with a fixed seed.
"""

from __future__ import annotations

import pandas as pd

from data_access.demo import places, published
from data_access.programmes.indicators import PROGRAMMES


def build_tables() -> dict[str, pd.DataFrame]:
    """Every table of the contract that is not a reference table, keyed by its name, ready to be stored."""
    world = places.build()
    tables = {
        "lao": world.laos,
        "school": world.schools,
        "published_figure": published.published_figure(),
        "published_series": published.published_series(),
        "yardstick": published.yardstick(),
    }
    for programme in PROGRAMMES:
        tables |= programme.demo(world, tables) if programme.demo else {}
    return tables
