"""The reference places of every release, from the `geo` package."""

from __future__ import annotations

import pandas as pd

import geo


def reference_tables() -> dict[str, pd.DataFrame]:
    """Province, district and sub-district tables in the columns of the contract."""
    provinces = geo.provinces().rename_axis("province_code").reset_index()
    for scheme, column in (("region4", "region4"), ("region6", "region6"), ("nesdc", "nesdc")):
        provinces[column] = [geo.region_of(code, scheme) for code in provinces["province_code"]]
    districts = geo.districts().rename_axis("district_code").reset_index()
    districts["province_code"] = districts["district_code"].str[:2]
    subdistricts = geo.subdistricts().rename_axis("subdistrict_code").reset_index()
    subdistricts["district_code"] = subdistricts["subdistrict_code"].str[:4]
    return {"province": provinces, "district": districts, "subdistrict": subdistricts}
