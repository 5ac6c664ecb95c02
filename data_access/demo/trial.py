"""Sample groups of the Reach Up × cash-transfer trial: the report's areas and provinces, invented sub-districts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.demo.common import generator, keys
from data_access.demo.places import REACHUP_AREAS, World

FAMILIES, SUBDISTRICTS_PER_AREA = 1_440, 12


def build(world: World) -> dict[str, pd.DataFrame]:
    """The table `trial_family`: 1,440 families in 72 sub-districts, 16 to 24 in each."""
    rng = generator("trial")
    chosen = [(area, code) for area, provinces in REACHUP_AREAS.items() for code in _subdistricts(world, rng, provinces)]
    size = _sizes(rng, len(chosen))
    area = np.repeat([a for a, _ in chosen], size)
    return {
        "trial_family": pd.DataFrame(
            {
                "family_key": keys(generator("family keys"), FAMILIES),
                "semester": "2565-2",
                "area": area,
                "subdistrict_code": np.repeat(np.array([c for _, c in chosen], dtype=object), size),
            }
        )
    }


def _subdistricts(world: World, rng: np.random.Generator, provinces: tuple[str, ...]) -> list[str]:
    """Twelve sub-districts of an area, shared evenly between its provinces."""
    out: list[str] = []
    for province in provinces:
        own = np.concatenate([subs for code, subs in sorted(world.subdistricts.items()) if code.startswith(province)])
        out += sorted(rng.choice(own, SUBDISTRICTS_PER_AREA // len(provinces), replace=False))
    return out


def _sizes(rng: np.random.Generator, count: int) -> np.ndarray:
    """Uneven sizes of 16 to 24 that add up: each pair of clusters lies as far above the mean as below it."""
    spread = rng.integers(0, 5, count // 2)
    return rng.permutation(np.concatenate([20 + spread, 20 - spread]))
