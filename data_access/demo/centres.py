"""Invented child-development centres and their semesters; sums fitted to the published figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

import geo
from data_access.demo.common import SEMESTERS, apportion, generator, pick
from data_access.demo.places import ECD_PROVINCES, World, first_subdistricts, points

N_UPGRADED, N_OTHERS, CHILDREN_REACHED = 3_769, 1_800, 45_028
"""Centres being upgraded and poor children reached are the report's; the other centres are invented freely."""
FIT = SEMESTERS.index("2564-2")
UPGRADE = ("2563-1", "2563-2", "2564-1", "2564-2")
REACH = np.array([0.62, 0.64, 0.70, 0.77, 0.88, 1.0, 1.03, 1.05, 1.08, 1.08, 1.10, 1.11, 1.12])
REACH_OTHERS = np.linspace(0.88, 1.06, len(SEMESTERS))
QUALITY = ("below", "basic", "good", "excellent", "not_assessed")


def build(world: World) -> dict[str, pd.DataFrame]:
    """The tables `centre` and `centre_semester`."""
    rng = generator("centres")
    centre = _centres(world, rng)
    return {"centre": centre, "centre_semester": _semesters(centre, rng)}


def _centres(world: World, rng: np.random.Generator) -> pd.DataFrame:
    pilot = world.weight.index.isin(ECD_PROVINCES)
    count = np.zeros(len(world.weight), dtype=int)
    count[pilot] = apportion(np.sqrt(world.weight[pilot].to_numpy()), N_UPGRADED, 60)
    count[~pilot] = apportion(world.weight[~pilot].to_numpy(), N_OTHERS, 4)
    subs = geo.subdistricts()
    by_province = {code: rows.index.to_numpy(dtype=object) for code, rows in subs.groupby(subs.index.str[:2])}
    where = np.concatenate([np.sort(rng.choice(by_province[p], n)) for p, n in zip(world.weight.index, count, strict=True)])
    frame = pd.DataFrame({"subdistrict_code": where})
    frame["province_code"], frame["district_code"] = frame["subdistrict_code"].str[:2], frame["subdistrict_code"].str[:4]
    number = frame.groupby("district_code").cumcount() + 1
    frame.insert(0, "centre_code", "D" + frame["district_code"] + number.astype(str).str.zfill(4))
    names = first_subdistricts(where)
    kind = np.where(rng.random(len(where)) < 0.45, "เทศบาลตำบลสมมติ", "อบต.สมมติ")
    frame["lao_name"] = [f"{k} {n}" for k, n in zip(kind, names, strict=True)]
    frame["name_th"] = [f"ศูนย์พัฒนาเด็กเล็กสมมติ {n} {i}" for n, i in zip(names, number, strict=True)]
    frame["origin"] = np.where(rng.random(len(where)) < 0.55, "ถ่ายโอน", "ตั้งเอง")
    frame["upgrade_from"] = _upgrade_from(frame, rng)
    frame["lon"], frame["lat"] = points(rng, frame["district_code"].to_numpy(dtype=object))
    frame.loc[rng.random(len(frame)) < 0.02, ["lon", "lat"]] = np.nan
    return frame


def _upgrade_from(centre: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """The semester in which each centre of a pilot province began, district by district; none elsewhere."""
    district, _ = pd.factorize(centre["district_code"])
    wave = rng.choice(len(UPGRADE), p=[0.2, 0.25, 0.3, 0.25], size=district.max() + 1)
    begun = pick(UPGRADE, wave[district])
    begun[~centre["province_code"].isin(ECD_PROVINCES).to_numpy()] = None
    return begun


def _semesters(centre: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n, times = len(centre), len(SEMESTERS)
    pilot = centre["upgrade_from"].notna().to_numpy()
    size = np.clip(rng.lognormal(3.75, 0.5, n), 14, 260)
    children = (
        np.maximum(size[:, None] * np.linspace(1.04, 0.93, times) * rng.lognormal(0, 0.05, (n, times)), 10).round().astype(int)
    )
    poor = _poor(children, pilot, rng)
    quality = _quality(centre, rng)
    teachers = np.maximum(np.ceil(children / rng.normal(15, 2, (n, 1)).clip(10, 20)), 1).astype(int)
    there = _reported(pilot, rng)
    c, t = np.nonzero(there)
    return pd.DataFrame(
        {
            "centre_code": centre["centre_code"].to_numpy(dtype=object)[c],
            "semester": pick(SEMESTERS, t),
            "children": children[c, t],
            "poor_reached": poor[c, t],
            "quality": pick(QUALITY, quality[c, t]),
            "teachers": teachers[c, t],
        }
    )


def _poor(children: np.ndarray, pilot: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Poor children reached; over the upgraded centres exactly the published number in 2564-2."""
    share = np.clip(rng.beta(5, 11, len(children)), 0.05, 0.8)
    level = share * children[:, FIT]
    fitted = apportion(level[pilot], CHILDREN_REACHED)
    level[pilot] = fitted
    reach = np.where(pilot[:, None], REACH, REACH_OTHERS)
    poor = (level[:, None] * reach * rng.lognormal(0, 0.04, children.shape)).round().astype(int)
    poor[pilot, FIT] = fitted
    if (fitted > children[pilot, FIT]).any():
        raise ValueError("more poor children than children")
    return np.minimum(poor, children)


def _quality(centre: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Standard reached: better from two semesters after the upgrade began; fewer are left unassessed as time goes on."""
    n, times = len(centre), len(SEMESTERS)
    begun = centre["upgrade_from"].map({s: i for i, s in enumerate(SEMESTERS)}).fillna(99).to_numpy()
    since = np.clip(np.arange(times) - begun[:, None], 0, 6)
    latent = rng.normal(0, 0.8, (n, 1)) + 0.02 * np.arange(times) + 0.16 * since + rng.normal(0, 0.15, (n, times))
    code = np.digitize(latent, [-1.1, 0.1, 1.3])
    unassessed = rng.random((n, times)) < np.linspace(0.30, 0.08, times)
    return np.where(unassessed, QUALITY.index("not_assessed"), code)


def _reported(pilot: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Which centres sent which semester; the last one is still coming in."""
    late = rng.beta(0.5, 12, (len(pilot), 1))
    missing = rng.random((len(pilot), len(SEMESTERS))) < late * np.r_[np.ones(len(SEMESTERS) - 1), 2.5]
    missing[pilot, FIT] = False
    return ~missing
