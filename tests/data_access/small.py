"""A small invented country for tests that publish releases of their own: quick to build, easy to check by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd

from data_access.publishing import drafts
from data_access.publishing.drafts import Draft
from data_access.store.releases import Release

PROVINCES = ("30", "40", "50", "57", "80", "90")  # of several regions in each scheme
SEMESTERS = ("2565-1", "2565-2")


def laos() -> pd.DataFrame:
    """Two local authorities a province, in two districts."""
    rows = [(f"9{p}{d:02}001", f"{p}{d:02}", "town", f"เทศบาล {p}{d}") for p, d in product(PROVINCES, (1, 2))]
    return pd.DataFrame(rows, columns=["lao_code", "district_code", "kind", "name_th"])


def schools() -> pd.DataFrame:
    """Two schools an authority, one of them rural."""
    return pd.DataFrame(
        {
            "school_code": f"99{lao[1:5]}{n:04}",
            "lao_code": lao,
            "subdistrict_code": f"{lao[1:5]}01",
            "name_th": f"โรงเรียน {lao[1:5]}-{n}",
            "level": "lower_secondary",
            "pupils": 100 + n,
            "rural": n == 1,
        }
        for lao, n in product(laos()["lao_code"], (1, 2))
    )


def reported(value: float) -> dict[str, pd.DataFrame]:
    """The smallest release: one number, the same for every province."""
    rows = pd.DataFrame({"place_code": PROVINCES, "value": value})
    return {
        "reported_value": rows.assign(indicator="pao.budget", place_level="province", period="FY2565", sex="all", level="all")
    }


def grants(seed: int = 0, size: int = 25, semesters: tuple[str, ...] = SEMESTERS) -> pd.DataFrame:
    """Pupils with few in some cells: most get the basic subsidy, extra-poor ones the Equity Grant as well."""
    rng = np.random.default_rng(seed)
    codes = schools()["school_code"].to_numpy()
    school = np.repeat(codes, rng.choice([2, size // 2, size, 2 * size], len(codes)))
    n = len(school)
    tier = rng.choice(["extra_poor", "poor", "not_poor"], n, p=[0.45, 0.45, 0.1])
    level = rng.choice(["kindergarten", "primary", "lower_secondary"], n, p=[0.2, 0.6, 0.2])
    people = pd.DataFrame(
        {
            "pupil_key": [f"{i:016x}" for i in range(n)],
            "school_code": school,
            "level": level,
            "sex": rng.choice(["male", "female"], n),
            "tier": tier,
            "referral": "none",
        }
    )
    return pd.concat([_semester(people, s, rng) for s in semesters], ignore_index=True)


def _semester(people: pd.DataFrame, semester: str, rng: np.random.Generator) -> pd.DataFrame:
    rows = people[rng.random(len(people)) < 0.93].copy()
    got = (rows["tier"] != "not_poor") & (rng.random(len(rows)) < 0.9)
    rows["semester"], rows["stage"] = semester, np.where(got, "paid", "screened")
    rows["basic_baht"] = np.where(got, 500.0, np.nan)
    rows["equity_baht"] = np.where(got & (rows["tier"] == "extra_poor"), 800.0, np.nan)
    rows["attendance"] = rng.uniform(0.7, 1, len(rows)).round(3)
    rows["condition_met"] = rows["attendance"] >= 0.85
    rows["next_status"] = rng.choice(["stayed", "moved_up", "moved", "dropped_out", "unknown"], len(rows))
    return rows


def tables(seed: int = 0) -> dict[str, pd.DataFrame]:
    """Places and grants."""
    return {"lao": laos(), "school": schools(), "pupil_grant": grants(seed)}


def draft(content: Mapping[str, pd.DataFrame], base: Release | None = None) -> Draft:
    """A draft with these tables on top of a release."""
    made = drafts.new_draft(base)
    for name, frame in content.items():
        made.upsert(name, frame, "tests") if base else made.replace_slice(name, frame, [], "tests")
    return made


def publish(content: Mapping[str, pd.DataFrame], note: str = "", base: Release | None = None) -> Release:
    """Publish these tables as a release that is not demonstration data."""
    return drafts.publish(draft(content, base), as_of=dt.date(2025, 9, 30), note=note)
