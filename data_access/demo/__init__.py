"""The embedded demonstration data: invented rows that reproduce the published figures of the MOU report.

Everything here is invented and says so, except what `docs/demo-data.md` lists as sourced. The same call gives the same
tables: every module draws from its own generator with a fixed seed.
"""

from __future__ import annotations

import pandas as pd

from data_access.demo import centres, chain, cities, grants, outside, places, policy, published, readiness, schools, trial


def build_tables() -> dict[str, pd.DataFrame]:
    """Every table of the contract that is not a reference table, keyed by its name, ready to be stored."""
    world = places.build()
    tables = {
        "lao": world.laos,
        "school": world.schools,
        "pupil_grant": grants.pupil_grant(world),
        "screening_score": grants.screening_score(world),
        **schools.build(world),
        **centres.build(world),
        **trial.build(world),
        **chain.build(world),
        "learning_city_score": cities.learning_city_score(),
        "out_of_school_count": outside.out_of_school_count(world),
        "readiness_result": readiness.readiness_result(world),
        "reported_value": readiness.reported_value(world),
        **policy.build(),
        "published_figure": published.published_figure(),
        "published_series": published.published_series(),
        "yardstick": published.yardstick(),
    }
    return {**tables, **places.pilot_sets(tables)}
