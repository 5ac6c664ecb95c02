"""Sample groups of the Reach Up × cash-transfer trial: the report's areas and provinces, invented sub-districts."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from data_access.contract.periods import semester_of
from data_access.demo.common import generator, keys
from data_access.demo.places import REACHUP_AREAS, World

FAMILIES, SUBDISTRICTS_PER_AREA = 1_440, 12


def build(world: World) -> dict[str, pd.DataFrame]:
    """`trial_family`, 1,440 families in 72 sub-districts, 16 to 24 in each, and the tables of the trial that follow from it."""
    rng = generator("trial")
    chosen = [(area, code) for area, provinces in REACHUP_AREAS.items() for code in _subdistricts(world, rng, provinces)]
    size = _sizes(rng, len(chosen))
    area = np.repeat([a for a, _ in chosen], size)
    families = pd.DataFrame(
        {
            "family_key": keys(generator("family keys"), FAMILIES),
            "semester": "2565-2",
            "area": area,
            "subdistrict_code": np.repeat(np.array([c for _, c in chosen], dtype=object), size),
        }
    )
    of_trial = generator("trial clusters")
    cluster = clusters(families, of_trial)
    return {
        "trial_family": families,
        "trial_cluster": cluster,
        "trial_visit": visits(families, cluster, of_trial),
        "trial_measure": baseline(families, cluster, of_trial),
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


# ---- clusters, visits, baseline -------------------------------------------------------------------------------------------
MEASURES = {
    "cognition": ("พัฒนาการด้านการรู้คิด", "Cognitive development", 100.0, 15.0),
    "language": ("พัฒนาการด้านภาษา", "Language development", 100.0, 15.0),
    "motor": ("พัฒนาการด้านการเคลื่อนไหว", "Motor development", 100.0, 15.0),
    "home": ("สภาพแวดล้อมการเรียนรู้ในบ้าน", "Learning environment at home", 28.0, 6.0),
    "age_months": ("อายุเด็ก (เดือน)", "Age of the child in months", 30.0, 6.0),
    "income": ("รายได้ครัวเรือนต่อคน (บาทต่อเดือน)", "Household income a head (baht a month)", 2_150.0, 780.0),
}
FIRST_FORTNIGHT, FORTNIGHTS = dt.date(2022, 11, 7), 52
ICC = 0.05


def clusters(families: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Half the sub-districts of each area in each arm, drawn by lot; 20 families were planned in each."""
    frame = families.groupby("subdistrict_code", sort=True)["area"].first().reset_index()
    lot = frame.assign(lot=rng.random(len(frame))).groupby("area")["lot"].rank()
    size = frame.groupby("area")["area"].transform("size")
    arm = np.where(lot <= size / 2, "visits_cash", "comparison")
    return frame.assign(arm=arm, families_planned=20, randomised_on=pd.Timestamp("2022-10-17"))


def visits(families: pd.DataFrame, cluster: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A visit to every family each fortnight, fewer done around holidays and floods; families leave now and then."""
    size = families.groupby("subdistrict_code").size().reindex(cluster["subdistrict_code"]).to_numpy()
    treated = (cluster["arm"] == "visits_cash").to_numpy()
    effort = rng.beta(18, 3, len(size))
    active, rows = size.copy(), []
    for number in range(FORTNIGHTS):
        starts_on = FIRST_FORTNIGHT + dt.timedelta(days=14 * number)
        active = active - rng.binomial(active, np.where(treated, 0.0012, 0.0019))
        season = 0.55 if starts_on.month == 4 else 0.85 if starts_on.month in (9, 10) else 1.0
        planned = np.where(treated, active, 0)
        rows.append(
            pd.DataFrame(
                {
                    "subdistrict_code": cluster["subdistrict_code"],
                    "starts_on": pd.Timestamp(starts_on),
                    "semester": semester_of(starts_on).code,
                    "planned": planned,
                    "done": rng.binomial(planned, effort * season),
                    "families_active": active,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def baseline(families: pd.DataFrame, cluster: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Measurements before the first visit; there is no endline yet."""
    size = families.groupby("subdistrict_code").size().reindex(cluster["subdistrict_code"]).to_numpy()
    frames = []
    for name, (title_th, title_en, mean, sd) in MEASURES.items():
        n = size - rng.binomial(size, 0.03)
        between = rng.normal(0, sd * np.sqrt(ICC), len(size)) + rng.normal(0, sd * np.sqrt((1 - ICC) / n))
        frames.append(
            pd.DataFrame(
                {
                    "subdistrict_code": cluster["subdistrict_code"],
                    "wave": "baseline",
                    "measure": name,
                    "title_th": title_th,
                    "title_en": title_en,
                    "n": n,
                    "mean": (mean + between).round(3),
                    "sd": (sd * np.sqrt((1 - ICC) * rng.chisquare(n - 1) / (n - 1))).round(3),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
