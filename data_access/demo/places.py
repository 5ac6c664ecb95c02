"""Invented local authorities and schools in real districts, where they lie, and the pilot sets."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import geo
from data_access.demo.common import INVENTED_SOURCE, apportion, generator, pick

N_SCHOOLS = 1_700
N_LAOS = 1_000
BANGKOK = "10"
TINY = {"75": 0.05, "85": 0.06, "23": 0.05, "17": 0.05, "14": 0.08, "82": 0.08}
OUTLIER = "33"
"""The province that stands out: three times the pupils that its size suggests."""

REACHUP_AREAS = {1: ("90",), 2: ("50",), 3: ("26",), 4: ("16",), 5: ("40",), 6: ("44", "46")}
"""The report's own: area -> provinces."""
TSQP_PROVINCES = (
    "16",
    "20",
    "26",
    "30",
    "34",
    "40",
    "41",
    "44",
    "47",
    "50",
    "52",
    "58",
    "60",
    "71",
    "81",
    "84",
    "90",
    "93",
    "95",
)
ECD_PROVINCES = ("18", "27", "30", "33", "34", "36", "40", "46", "57", "63", "65", "70", "80", "94", "96")
LEARNING_CITY_PROVINCES = ("13", "21", "24", "30", "34", "40", "50", "57", "65", "83", "90", "95")
UNESCO_GNLC = {
    "57": None,
    "24": None,
    "50": None,
    "83": None,
    "56": dt.date(2022, 9, 2),
    "64": dt.date(2022, 9, 2),
    "90": dt.date(2022, 9, 2),
    "10": dt.date(2024, 2, 14),
    "40": dt.date(2024, 2, 14),
    "95": dt.date(2024, 2, 14),
    "63": None,
    "21": None,
    "91": None,
}

LAO_TITLES = {
    "pao": ("องค์การบริหารส่วนจังหวัดสมมติ", "PAO (invented)"),
    "city": ("เทศบาลนครสมมติ", "City Municipality (invented)"),
    "town": ("เทศบาลเมืองสมมติ", "Town Municipality (invented)"),
    "subdistrict_municipality": ("เทศบาลตำบลสมมติ", "Subdistrict Municipality (invented)"),
    "sao": ("องค์การบริหารส่วนตำบลสมมติ", "SAO (invented)"),
    "special": ("องค์กรปกครองรูปแบบพิเศษสมมติ", "Special LAO (invented)"),
}
URBAN_KINDS = ("pao", "city", "town", "special")
LEVELS = np.array(["primary", "lower_secondary", "upper_secondary"], dtype=object)


@dataclass(frozen=True)
class World:
    """The invented institutions and the real places that they stand in.

    Attributes:
        weight: province code -> its size, uneven on purpose; Bangkok's local schools belong to Bangkok and are not here.
        subdistricts: district code -> codes of its sub-districts.
    """

    weight: pd.Series
    laos: pd.DataFrame
    schools: pd.DataFrame
    subdistricts: dict[str, np.ndarray]


def build() -> World:
    """Local authorities and schools of 76 provinces."""
    weight = province_weights()
    subs = geo.subdistricts()
    by_district = {str(code): rows.index.to_numpy(dtype=object) for code, rows in subs.groupby("district")}
    n_schools = apportion(weight.to_numpy(), N_SCHOOLS, 3)
    laos = _laos(weight, n_schools, by_district, subs["name_th"], subs["name_en"])
    return World(weight, laos, _schools(laos, weight.index, n_schools, by_district), by_district)


def province_weights() -> pd.Series:
    """Uneven sizes: districts times chance, some provinces very small, one far too large."""
    rng = generator("provinces")
    districts = geo.districts().groupby("province").size()
    codes = geo.provinces().index.drop(BANGKOK)
    size = districts.reindex(codes) * rng.lognormal(0, 0.45, len(codes)) / districts.mean()
    for code, small in TINY.items():
        size[code] = small
    size[OUTLIER] *= 3
    return size.astype(float)


# ---- local authorities ------------------------------------------------------------------------------------------------
def _laos(weight: pd.Series, n_schools: np.ndarray, subs: dict[str, np.ndarray], th: pd.Series, en: pd.Series) -> pd.DataFrame:
    rng = generator("laos")
    districts = {code: rows.index.to_list() for code, rows in geo.districts().groupby("province")}
    room = np.array([min(2 * len(districts[p]), n) for p, n in zip(weight.index, n_schools, strict=True)])
    wanted = np.minimum(apportion(n_schools.astype(float), N_LAOS, 2), room)
    rows = []
    for province, count in zip(weight.index, wanted, strict=True):
        rows += _province_laos(rng, districts[province], int(count))
    frame = pd.DataFrame(rows, columns=["district_code", "kind"])
    number = frame.groupby("district_code").cumcount() + 1
    frame.insert(0, "lao_code", "9" + frame["district_code"] + number.astype(str).str.zfill(3))
    home = [rng.choice(subs[d]) for d in frame["district_code"]]
    province_th, province_en = geo.provinces()["name_th"], geo.provinces()["name_en"]
    of = frame["district_code"].str[:2]
    pao = frame["kind"] == "pao"
    place_th = np.where(pao, province_th.reindex(of), th.reindex(home))
    place_en = np.where(pao, province_en.reindex(of), en.reindex(home))
    frame["name_th"] = [f"{LAO_TITLES[k][0]} {p}" for k, p in zip(frame["kind"], place_th, strict=True)]
    frame["name_en"] = [f"{p} {LAO_TITLES[k][1]}" for k, p in zip(frame["kind"], place_en, strict=True)]
    return frame


def _province_laos(rng: np.random.Generator, districts: list[str], count: int) -> list[tuple[str, str]]:
    """District and kind of each authority: the town of the first district, the PAO, then the others, at most two a district."""
    first, others = districts[0], list(rng.permutation(districts[1:]))
    chosen = [first, first, *others, *others][:count]
    kinds = ["city" if rng.random() < 0.3 else "town", "pao"]
    kinds += list(rng.choice(["town", "subdistrict_municipality", "sao"], p=[0.15, 0.55, 0.30], size=max(count - 2, 0)))
    found = [(str(d), str(k)) for d, k in zip(chosen, kinds, strict=False)]
    return [(d, "special" if d == "2004" and i == chosen.index(d) else k) for i, (d, k) in enumerate(found)]


# ---- schools --------------------------------------------------------------------------------------------------------------
def _schools(laos: pd.DataFrame, provinces: pd.Index, n_schools: np.ndarray, subs: dict[str, np.ndarray]) -> pd.DataFrame:
    rng = generator("schools")
    of_province = laos["district_code"].str[:2].to_numpy()
    owner = []
    for province, count in zip(provinces, n_schools, strict=True):
        mine = np.flatnonzero(of_province == province)
        pull = np.where(laos["kind"].to_numpy()[mine] == "sao", 0.5, 1.0) * rng.lognormal(0, 0.5, len(mine))
        owner.append(np.repeat(mine, apportion(pull, int(count), 1)))
    lao = laos.iloc[np.concatenate(owner)].reset_index(drop=True)
    district = lao["district_code"].to_numpy(dtype=object)
    number = lao.groupby("district_code").cumcount() + 1
    urban = lao["kind"].isin(URBAN_KINDS).to_numpy() ^ (rng.random(len(lao)) < 0.12)
    pupils = np.clip(rng.lognormal(np.where(urban, 5.7, 4.9), 0.6), 25, 3_500).round()
    lon, lat = points(rng, district)
    return pd.DataFrame(
        {
            "school_code": "99" + lao["district_code"] + number.astype(str).str.zfill(4),
            "lao_code": lao["lao_code"],
            "subdistrict_code": [str(rng.choice(subs[d])) for d in district],
            "name_th": _school_names(lao, number),
            "name_en": _school_names_en(lao, number),
            "level": _levels(rng, lao["kind"]),
            "pupils": pd.Series(pupils).astype("Int64"),
            "rural": ~urban,
            "lon": lon,
            "lat": lat,
        }
    ).pipe(_forget, rng)


def _school_names(lao: pd.DataFrame, number: pd.Series) -> list[str]:
    district = geo.districts()["name_th"].reindex(lao["district_code"])
    return [f"โรงเรียนท้องถิ่นสมมติ {d} {n}" for d, n in zip(district, number, strict=True)]


def _school_names_en(lao: pd.DataFrame, number: pd.Series) -> list[str]:
    district = geo.districts()["name_en"].reindex(lao["district_code"])
    return [f"{d} Local School {n} (invented)" for d, n in zip(district, number, strict=True)]


def _levels(rng: np.random.Generator, kind: pd.Series) -> np.ndarray:
    """Highest level taught; schools of a PAO are secondary schools more often."""
    draw = rng.random(len(kind))
    pao = (kind == "pao").to_numpy()
    return LEVELS[np.where(pao, 1 + (draw < 0.4), (draw > 0.45).astype(int) + (draw > 0.94))]


def _forget(schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Some sizes and positions were never reported."""
    schools.loc[rng.random(len(schools)) < 0.02, "pupils"] = pd.NA
    schools.loc[rng.random(len(schools)) < 0.03, ["lon", "lat"]] = np.nan
    return schools


# ---- points in districts ----------------------------------------------------------------------------------------------------
def points(rng: np.random.Generator, districts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Made-up positions near the middle of each district: part of the way from it to a corner of its boundary."""
    rings = _rings()
    codes, which = np.unique(districts.astype(str), return_inverse=True)
    centroids = geo.province_centroids()
    found = [rings[c] if c in rings else centroids.loc[[c[:2]], ["lon", "lat"]].to_numpy() for c in codes]
    length = np.array([len(ring) for ring in found])
    start = np.r_[0, np.cumsum(length)[:-1]]
    corner = np.concatenate(found)[start[which] + (rng.random(len(which)) * length[which]).astype(int)]
    middle = np.array([ring.mean(axis=0) for ring in found])[which]
    spot = middle + np.sqrt(rng.random(len(which)))[:, None] * 0.7 * (corner - middle)
    return spot[:, 0].round(4), spot[:, 1].round(4)


def _rings() -> dict[str, np.ndarray]:
    """District code -> corners of the longest ring of its boundary."""
    text = (Path(geo.__file__).parent / "data" / "districts.geojson").read_text(encoding="utf-8")
    out = {}
    for feature in json.loads(text)["features"]:
        shape = feature["geometry"]["coordinates"]
        parts = [shape] if feature["geometry"]["type"] == "Polygon" else shape
        out[feature["properties"]["dopa4"]] = np.array(max((p[0] for p in parts), key=len))
    return out


# ---- pilot sets -----------------------------------------------------------------------------------------------------------------
REPORT = "รายงาน MOU สถ.–กสศ. ตามข่าว 31 ต.ค. 2565"
REPORT_COUNT = f"จำนวนตามรายงาน MOU 31 ต.ค. 2565 รายชื่อเป็น{INVENTED_SOURCE}"
_SETS = (
    ("tsqp_schools", "โรงเรียนพัฒนาตนเอง (TSQP)", "TSQP schools", "school", REPORT_COUNT),
    ("tsqp_provinces", "จังหวัดของโรงเรียนพัฒนาตนเอง", "TSQP provinces", "province", REPORT_COUNT),
    ("ecd_provinces", "จังหวัดนำร่องยกระดับศูนย์พัฒนาเด็กเล็ก", "Child-development centre pilot provinces", "province", REPORT_COUNT),
    ("reachup_tambons", "ตำบลนำร่อง Reach Up", "Reach Up sub-districts", "subdistrict", REPORT_COUNT),
    ("reachup_provinces", "จังหวัด Reach Up", "Reach Up provinces", "province", REPORT),
    ("learning_city_provinces", "จังหวัดนำร่องเทศบาลแห่งการเรียนรู้", "Learning City pilot provinces", "province", REPORT_COUNT),
    (
        "unesco_gnlc",
        "จังหวัดที่มีเมืองสมาชิก UNESCO GNLC",
        "Provinces with a UNESCO GNLC member city",
        "province",
        "UNESCO GNLC ตาม pattayamail 20 ก.พ. 2567 และ thailand.go.th; จังหวัดใช้แทนเมืองสมาชิก ไม่ใช่ 12 จังหวัดนำร่องของรายงาน",
    ),
)


def pilot_sets(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The pilot sets and their members; lists that the report does not give are invented and say so."""
    members: dict[str, list[str]] = {
        "tsqp_schools": sorted(tables["tsqp_school"]["school_code"]),
        "tsqp_provinces": list(TSQP_PROVINCES),
        "ecd_provinces": list(ECD_PROVINCES),
        "reachup_tambons": sorted(tables["trial_family"]["subdistrict_code"].unique()),
        "reachup_provinces": [p for area in REACHUP_AREAS.values() for p in area],
        "learning_city_provinces": list(LEARNING_CITY_PROVINCES),
        "unesco_gnlc": list(UNESCO_GNLC),
    }
    rows = [(set_id, code) for set_id, codes in members.items() for code in codes]
    frame = pd.DataFrame(rows, columns=["set_id", "place_code"])
    since = [UNESCO_GNLC[code] if set_id == "unesco_gnlc" else None for set_id, code in rows]
    frame["valid_from"] = pd.to_datetime(pd.Series(since, dtype=object))
    frame["valid_to"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
    sets = pd.DataFrame(_SETS, columns=["set_id", "name_th", "name_en", "place_level", "source"])
    return {"pilot_set": sets, "pilot_member": frame}


def first_subdistricts(codes: np.ndarray) -> np.ndarray:
    """Thai names of sub-districts, in the order of `codes`."""
    return pick(geo.subdistricts()["name_th"].to_numpy(dtype=object), geo.subdistricts().index.get_indexer(pd.Index(codes)))
