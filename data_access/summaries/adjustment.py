"""Change since the base round of a repeated cross-section, with the same provinces, wealth groups and ages held fixed.

Every round assesses other children: a change of the mean mixes what children learn with who was assessed. Weighted least squares on
province × wealth group × round cells with effects of province, group and round, and age where it is given, takes the make-up out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_access.summaries.statistics import Z95


def adjusted_change(cells: pd.DataFrame) -> pd.DataFrame:
    """Round effects against the first round, with intervals clustered by province.

    Args:
        cells: province, group, academic_year, z (SD of the base round), weight, and age (months; left out where any is missing or it differs
            between rounds only).
    Returns:
        academic_year, value, low, high (SD); the first round is nought by definition. Empty with fewer than two rounds or provinces.
    Source: fixed-effects regression as in any text (Wooldridge 2010, ch. 10), fitted by statsmodels.
    """
    columns = ["academic_year", "value", "low", "high"]
    rows = cells.dropna(subset=["z"]).query("weight > 0")
    years = sorted(rows["academic_year"].unique())
    if len(years) < 2 or rows["province"].nunique() < 2:
        return pd.DataFrame(columns=columns)
    import statsmodels.api as sm

    parts = [pd.get_dummies(rows[c], prefix=c, drop_first=True, dtype=float) for c in ("academic_year", "province", "group")]
    design = pd.concat([pd.Series(1.0, index=rows.index, name="one"), *parts], axis=1)
    if rows["age"].notna().all():
        aged = design.assign(age=rows["age"] - rows["age"].mean())
        # an age that only differs between rounds cannot be told from the rounds
        design = aged if np.linalg.matrix_rank(aged.to_numpy()) == aged.shape[1] else design
    fit = sm.WLS(rows["z"], design, weights=rows["weight"]).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(rows["province"])[0]}
    )
    out = [{"academic_year": years[0], "value": 0.0, "low": np.nan, "high": np.nan}]
    for year in years[1:]:
        value, se = fit.params[f"academic_year_{year}"], fit.bse[f"academic_year_{year}"]
        out.append({"academic_year": year, "value": value, "low": value - Z95 * se, "high": value + Z95 * se})
    return pd.DataFrame(out, columns=columns)
