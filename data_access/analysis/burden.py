"""What the data cost those who send them: files sent, fields typed by hand, days from sending to publishing; from what releases record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from data_access.analysis.quality import rows_shown
from data_access.store.releases import Release

COLUMNS = ("release", "published_at", "files", "rows", "typed", "per_file", "days_median", "days_longest")
SECONDS_A_DAY = 86_400


def burden(found: Sequence[Release]) -> pd.DataFrame:
    """One row a release that files were loaded for, in the order given.

    Returns:
        `files` loaded; `rows` that they brought (of tables of persons as `rows_shown`); `typed`, the fields that somebody filled in by hand
        (values for all rows of a file, columns corrected, reasons for warnings), and the same `per_file`; `days_median` and
        `days_longest`, the days (with fractions) from the loading of a file to the publication of the release that holds it.
    """
    return pd.DataFrame([_row(r) for r in found if r.loads], columns=list(COLUMNS))


def days_to_publishing(release: Release) -> pd.Series:
    """Of each file of a release, the days (with fractions) from its loading to the publication."""
    published = dt.datetime.fromisoformat(release.published_at)
    waits = [published - dt.datetime.fromisoformat(f.at) for f in release.loads]
    return pd.Series([w.total_seconds() / SECONDS_A_DAY for w in waits], dtype=float)


def _row(release: Release) -> dict[str, object]:
    days = days_to_publishing(release)
    rows: pd.Series = pd.DataFrame([f.rows for f in release.loads]).sum()
    typed = sum(f.typed for f in release.loads)
    return {
        "release": release.id,
        "published_at": release.published_at,
        "files": len(release.loads),
        "rows": float(pd.Series([rows_shown(str(table), n) for table, n in rows.items()], dtype=float).sum(min_count=1)),
        "typed": typed,
        "per_file": typed / len(release.loads),
        "days_median": float(days.median()),
        "days_longest": float(days.max()),
    }
