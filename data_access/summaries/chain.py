"""The equity chain: children followed from year to year, as cohorts, flows between stages and curves of staying in education.

A cohort is the children whose first record is of one stage and one academic year. A year without a row after that is `unknown`:
in no register at hand. Nothing finer than a cohort of the whole country is published, and what is published is protected here:

1. A cohort of fewer than ten times the disclosure threshold is not published.
2. A stage with few children in a year is folded into "other" of its side (learning or away), with the next smallest when that is
   still few.
3. Between two years the sizes of all stages are known, so the flows are a table with both margins shown. Small flows are hidden,
   and others with them until no small one lies on a bridge of the hidden cells (then nothing can be worked out exactly) and every
   line hides enough people. Where even that fails the whole table is hidden.
4. Curves are shown by sex or tier only when every group is large, rounded so that one step is at least the threshold of children.

Tables of successive years share only margins that are shown, so together they tell no more than each alone (a decomposable model).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract import schema as s
from data_access.contract.settings import settings
from data_access.store.engines import read_frame
from data_access.summaries.disclosure import bridges, small
from data_access.summaries.statistics import Z95

LEARNING = ("centre", "kindergarten", "primary", "lower_secondary", "upper_secondary", "vocational", "higher")
AWAY = ("working", "out_of_school", "unknown")
OTHER_LEARNING, OTHER_AWAY, OTHER = "other_learning", "other_away", "other"
STAGES = (*LEARNING, OTHER_LEARNING, *AWAY, OTHER_AWAY, OTHER)
LEAVING = ("working", "out_of_school")
UNKNOWN = s.CHAIN_STAGE.index("unknown")
GROUPS = {"sex": s.SEX, "tier": s.TIER}
COHORT_MARGIN, GROUP_MARGIN = 10, 20
COLUMNS = [
    "measure",
    "cohort",
    "period",
    "stage",
    "next_stage",
    "sex",
    "tier",
    "value",
    "numerator",
    "denominator",
    "low",
    "high",
]


@dataclass(frozen=True)
class Paths:
    """Children × years: positions in `schema.CHAIN_STAGE`, -1 before the first record; sex and tier at the first record."""

    stage: np.ndarray
    years: np.ndarray
    sex: np.ndarray
    tier: np.ndarray


def read_paths(connection: sa.Connection) -> Paths:
    """Every child of the table as one line of stages."""
    c = s.chain_record.c
    rows = read_frame(
        connection, sa.select(c.child_key, c.academic_year, c.stage, c.sex, c.tier).order_by(c.child_key, c.academic_year)
    )
    child = pd.factorize(rows["child_key"])[0]
    years = np.arange(rows["academic_year"].min(), rows["academic_year"].max() + 1) if len(rows) else np.empty(0, dtype=int)
    stage = np.full((child.max(initial=-1) + 1, len(years)), -1)
    codes = pd.Categorical(rows["stage"], categories=s.CHAIN_STAGE).codes
    stage[child, rows["academic_year"].to_numpy(int) - (years[0] if len(years) else 0)] = codes
    started = np.maximum.accumulate(stage >= 0, axis=1)
    stage[started & (stage < 0)] = UNKNOWN
    first = rows.drop_duplicates("child_key")
    return Paths(stage, years, first["sex"].to_numpy(object), first["tier"].fillna("").to_numpy(object))


def build_chain(connection: sa.Connection) -> pd.DataFrame:
    """The protected table behind the indicators of the chain, one row a published number; columns `COLUMNS`.

    A hidden flow has a row without a value. `period` is the academic year ("AY2565"), of a flow the year that it leaves from.
    """
    paths = read_paths(connection)
    if not len(paths.stage):
        return pd.DataFrame(columns=COLUMNS)
    threshold = settings().disclosure_threshold
    start = (paths.stage >= 0).argmax(axis=1)
    stage_at_start = paths.stage[np.arange(len(start)), start]
    parts = []
    for cohort in np.unique(start * len(s.CHAIN_STAGE) + stage_at_start):
        first, code = divmod(int(cohort), len(s.CHAIN_STAGE))
        mine = (start == first) & (stage_at_start == code)
        if mine.sum() < COHORT_MARGIN * threshold:
            continue
        name = f"{s.CHAIN_STAGE[code]}-{paths.years[first]}"
        own = Paths(paths.stage[mine][:, first:], paths.years[first:], paths.sex[mine], paths.tier[mine])
        parts.append(pd.DataFrame(_cohort_rows(own, threshold)).assign(cohort=name))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    frame = frame.reindex(columns=COLUMNS)
    keys = ["stage", "next_stage", "sex", "tier"]
    frame[keys] = frame[keys].astype(object).fillna("all")
    return frame


def _cohort_rows(paths: Paths, threshold: int) -> list[dict]:
    labels = np.column_stack([folded(paths.stage[:, y], threshold) for y in range(len(paths.years))])
    rows: list[dict] = []
    for y, year in enumerate(paths.years):
        counts = np.bincount(labels[:, y], minlength=len(STAGES))
        rows += [
            {"measure": "children", "period": f"AY{year}", "stage": STAGES[i], "value": float(n)}
            for i, n in enumerate(counts)
            if n
        ]
        rows.append(_in_education(counts, f"AY{year}"))
    for y, year in enumerate(paths.years[:-1]):
        rows += _flow_rows(labels[:, y], labels[:, y + 1], f"AY{year}", threshold)
    return rows + _survival_rows(paths, threshold)


def _in_education(counts: np.ndarray, period: str) -> dict:
    """The share with a record of learning; missing where the sides could not be kept apart."""
    learning = float(sum(counts[STAGES.index(stage)] for stage in (*LEARNING, OTHER_LEARNING)))
    whole = float(counts.sum())
    if counts[STAGES.index(OTHER)]:
        learning = np.nan
    return {"measure": "in_education", "period": period, "value": learning / whole, "numerator": learning, "denominator": whole}


def folded(codes: np.ndarray, threshold: int) -> np.ndarray:
    """Positions in `STAGES` of one year of a cohort, stages with few children folded into "other" of their side.

    Args:
        codes: positions in `schema.CHAIN_STAGE`.
    """
    names = np.array([STAGES.index(stage) for stage in s.CHAIN_STAGE])
    out = names[codes]
    for side, other in ((LEARNING, OTHER_LEARNING), (AWAY, OTHER_AWAY)):
        out = _fold_side(out, [STAGES.index(stage) for stage in side], STAGES.index(other), threshold)
    counts = np.bincount(out, minlength=len(STAGES))
    if small(counts, threshold).any():  # a whole side is few: the sides cannot be kept apart
        out = _fold_side(out, list(range(len(STAGES) - 1)), STAGES.index(OTHER), threshold)
    return out


def _fold_side(labels: np.ndarray, side: list[int], other: int, threshold: int) -> np.ndarray:
    """Fold the small stages of a side into `other`, then the next smallest until `other` is not small."""
    out = labels.copy()
    counts = np.bincount(labels, minlength=len(STAGES))
    ordered = sorted((i for i in side if counts[i]), key=lambda i: counts[i])
    total = 0
    for i in ordered:
        if not small(counts[[i]], threshold)[0] and not 0 < total < threshold:
            break
        out[labels == i] = other
        total += counts[i]
    return out


def _flow_rows(now: np.ndarray, then: np.ndarray, period: str, threshold: int) -> list[dict]:
    table = np.bincount(now * len(STAGES) + then, minlength=len(STAGES) ** 2).reshape(len(STAGES), -1)
    rows, columns = np.flatnonzero(table.sum(axis=1)), np.flatnonzero(table.sum(axis=0))
    inside = table[np.ix_(rows, columns)]
    hidden = hidden_flows(inside, threshold)
    everything = bool((hidden & (inside == 0)).any())
    return [
        {
            "measure": "flow",
            "period": period,
            "stage": STAGES[r],
            "next_stage": STAGES[c],
            "value": np.nan if hidden[i, j] else float(inside[i, j]),
        }
        for i, r in enumerate(rows)
        for j, c in enumerate(columns)
        if inside[i, j] or everything
    ]


def hidden_flows(table: np.ndarray, threshold: int) -> np.ndarray:
    """Which cells of a table with known margins are hidden so that no count below the threshold can be worked out.

    Args:
        table: (stages, next stages) children; every line has nought or at least `threshold`.
    Returns:
        A mask of the same shape. Noughts are shown, unless nothing less than the whole table will do.
    """
    hidden = small(table, threshold)
    while hidden.any():
        wanted = _next_to_hide(table, hidden, threshold)
        if wanted is None:
            return hidden
        if wanted == ():
            return np.ones_like(hidden)
        hidden[wanted] = True
    return hidden


def _next_to_hide(table: np.ndarray, hidden: np.ndarray, threshold: int) -> tuple[int, int] | tuple[()] | None:
    """The cell to hide next; None when the table is safe, () when no cell is left that would help."""
    lines = _unsafe_lines(table, hidden, threshold)
    pinned = _pinned(table, hidden, threshold)
    if not pinned.any() and not lines.any():
        return None
    shown = ~hidden & (table > 0)
    near = shown & (lines | pinned.any(axis=1, keepdims=True) | pinned.any(axis=0, keepdims=True))
    candidates = near if near.any() else shown if pinned.any() else near
    if not candidates.any():
        return () if pinned.any() else None
    return tuple(int(i) for i in np.unravel_index(np.where(candidates, table, np.inf).argmin(), table.shape))  # type: ignore[return-value]


def _unsafe_lines(table: np.ndarray, hidden: np.ndarray, threshold: int) -> np.ndarray:
    """Cells of rows and columns that hide too few people for the rule of the house (`data_access.summaries.disclosure`, rule 4)."""
    out = np.zeros_like(hidden)
    for axis in (0, 1):
        total = np.where(hidden, table, 0).sum(axis=axis)
        k = hidden.sum(axis=axis)
        bad = (k == 1) | ((total > 0) & (total - np.maximum(k - 1, 0) < threshold))
        out |= np.expand_dims(bad & (k > 0), axis)
    return out


def _pinned(table: np.ndarray, hidden: np.ndarray, threshold: int) -> np.ndarray:
    """Small hidden cells that the margins determine: bridges of the graph of hidden cells."""
    rows, columns = np.nonzero(hidden)
    edges = [(-1 - int(r), int(c)) for r, c in zip(rows, columns, strict=True)]
    out = np.zeros_like(hidden)
    for e in bridges(edges):
        out[rows[e], columns[e]] = table[rows[e], columns[e]] < threshold
    return out


# ---- staying in education -----------------------------------------------------------------------------------------------
def stay_lengths(stage: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Years in education until leaving, and whether leaving was seen.

    Leaving is the first year in work or out of school. A child that no register holds is followed up to the year before
    (censored), as is one still learning in the last year.

    Args:
        stage: children × years since entry, positions in `schema.CHAIN_STAGE`.
    """
    left = np.isin(stage, [s.CHAIN_STAGE.index(name) for name in LEAVING])
    lost = stage == UNKNOWN
    years = stage.shape[1]
    first_left = np.where(left.any(axis=1), left.argmax(axis=1), years)
    first_lost = np.where(lost.any(axis=1), lost.argmax(axis=1), years)
    seen = first_left < first_lost
    followed = np.where(seen, first_left, np.minimum(first_lost, years) - 1)
    return followed, seen


def survival(followed: np.ndarray, seen: np.ndarray, years: int) -> pd.DataFrame:
    """Kaplan-Meier estimate of still being in education, with Greenwood's 95 % interval on the log-log scale.

    Args:
        followed, seen: from `stay_lengths`; years: how many to give, from 0.
    Returns:
        columns value, low, high; row t = t years after entry.
    Source: Kaplan and Meier (1958), JASA 53; Greenwood (1926); checked against `statsmodels.duration.SurvfuncRight`.
    """
    share, variance, out = 1.0, 0.0, []
    for t in range(years):
        at_risk, leaving = int((followed >= t).sum()), int(((followed == t) & seen).sum())
        if at_risk and t:
            share *= 1 - leaving / at_risk
            variance += leaving / (at_risk * (at_risk - leaving)) if at_risk > leaving else 0.0
        out.append((share if at_risk else np.nan, *_greenwood(share, variance)))
    return pd.DataFrame(out, columns=["value", "low", "high"])


def _greenwood(share: float, variance: float) -> tuple[float, float]:
    if not 0 < share < 1:
        return share, share
    spread = np.exp(Z95 * np.sqrt(variance) / np.log(share))
    return float(share ** (1 / spread)), float(share**spread)


def _survival_rows(paths: Paths, threshold: int) -> list[dict]:
    if s.CHAIN_STAGE[paths.stage[0, 0]] not in LEARNING:
        return []
    followed, seen = stay_lengths(paths.stage)
    everyone = np.ones(len(followed), dtype=bool)
    groups: list[tuple[dict[str, str], np.ndarray]] = [({}, everyone)] + [
        ({kind: code}, getattr(paths, kind) == code) for kind in GROUPS for code in _shown_groups(paths, kind, threshold)
    ]
    rows: list[dict] = []
    for key, mine in groups:
        step = _step(int(mine.sum()), threshold)
        curve = survival(followed[mine], seen[mine], len(paths.years))
        for year, line in zip(paths.years, (curve / step).round().mul(step).clip(0, 1).to_dict("records"), strict=True):
            rows.append({"measure": "stayed", "period": f"AY{year}", "denominator": float(mine.sum()), **key, **dict(line)})
    return rows


def _shown_groups(paths: Paths, kind: str, threshold: int) -> list[str]:
    """The groups of a split, when all of them are large; a child without one keeps the split back."""
    sizes = pd.Series(getattr(paths, kind)).value_counts()
    if (sizes < GROUP_MARGIN * threshold).any() or not set(sizes.index) <= set(GROUPS[kind]):
        return []
    return [code for code in GROUPS[kind] if code in sizes.index]


def _step(children: int, threshold: int) -> float:
    """The finest rounding that keeps 0 and 1 and of which one step is at least the threshold of children."""
    return 1 / max(children // threshold, 1)
