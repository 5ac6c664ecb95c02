"""How an indicator changed between two periods, like with like: among the senders (schools, centres, authorities, provinces) that are in both.

What a place has of senders that are in both periods is worked out from shown cells alone: the shown value of a place, or the sum of its
parts, or that place less its parts that sent only once. Whoever reads what is shown can do the same, so it tells nothing more. A sender
that is hidden in either period counts only where it can be told together with others in this way; `told` of the `senders` are compared.
Of counts and money of the whole country all are, wherever that tells of nobody (`data_access.summaries.matched_sums`).

The margin (95 %) of a change is that of a sum, or of a ratio by linearisation, over the senders as clusters: their own changes vary, and
√(k/(k−1) Σ(z−z̄)²) is how much their sum would vary by itself (Cochran, Sampling Techniques, 3rd ed., §6.4, §11.8). Survey estimates have
the margins of their two intervals. A change within its margin is no clear difference.

Of a rate or mean of which too few senders are told, all that were sent in either period are compared (`basis` `overlap`), provided that
nine in ten senders are in both; counts and money never are, for they fall by what is missing.

A comparison is not made, and `reason` says why: nothing to compare (`no_period`), a group that is followed (`followed`), a rule that
changed (`rule`), a period that has not ended, or of which senders are missing that no matching takes out (`provisional`), nothing sent (`not_collected`), hidden numbers (`suppressed`), nobody in
both (`nobody`), what counts those who sent (`senders`), or what cannot be matched (`incomplete`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from data_access.contract.errors import UsageError
from data_access.contract.periods import PERIOD_KEYS, last_day, period_type, year_before
from data_access.programmes.base import REPORTED, Indicator
from data_access.programmes.indicators import FAMILIES, REGISTRY
from data_access.questions import cells
from data_access.questions.breaks import Break, between, breaks, rules_of
from data_access.questions.cube_answers import SPREAD, level_of, spec_of, within
from data_access.questions.query import canonical, query, query_by, with_reports
from data_access.questions.question import Ask, all_provinces, pilot_members
from data_access.questions.senders import is_paid
from data_access.questions.widening import Codes, Row, WideAnswer, widen
from data_access.store.engines import columns_of, read_frame, remembered
from data_access.store.releases import Release, reader, require_release
from data_access.summaries import design, matched_sums
from data_access.summaries.cube import ALL, NATION, NATION_LEVEL, REGION_SCHEMES, CubeSpec
from data_access.summaries.statistics import Z95
from data_access.who.access import EVERYWHERE, Scope
from i18n import N_

NO_PERIOD, FOLLOWED, RULE, PROVISIONAL, NOT_COLLECTED = "no_period", "followed", "rule", "provisional", "not_collected"
SUPPRESSED, NOBODY, SENDERS, INCOMPLETE = "suppressed", "nobody", "senders", "incomplete"
REASONS = (NO_PERIOD, FOLLOWED, RULE, PROVISIONAL, NOT_COLLECTED, SUPPRESSED, NOBODY, SENDERS, INCOMPLETE)
MATCHED, OVERLAPPING, ESTIMATE = "matched", "overlap", "estimate"
TOLD_FROM = 0.5  # of fewer of those who sent both times, the ones that may be shown are the large ones, not all of them
FEW = 5  # clusters: below that their own variation says little, and the chance of counting persons is the least margin
OVERLAP = 0.9  # of the senders of either period: so many in both that a rate or mean of all of them compares
COLUMNS = (
    *("period", "before_period", "now", "before", "matched_now", "matched_before", "change", "margin", "clear", "verdict"),
    *("basis", "sender", "senders", "told", "senders_before", "senders_now", "at_old_rule", "reason"),
)


def changes(
    indicator_id: str,
    by: Sequence[str] = (),
    where: Mapping[str, Any] | None = None,
    before: str | None = None,
    release: str | None = None,
    scope: Scope = EVERYWHERE,
) -> pd.DataFrame:
    """The change of an indicator between two periods, of one place or group or of each in `by`.

    Args:
        by, where: as for `query`, but for periods in `by`; the period in `where` is the later one, the latest when there is none.
        before: the earlier period; the same one a year before when None.
    Returns:
        One row each of `by`: period, before_period; `now` and `before` (the plain numbers); `matched_now`, `matched_before` and `change`,
        among senders in both periods; `margin`, its 95 % half width (NaN when none can be given); `clear`, whether it exceeds that;
        `verdict` (`better`, `worse` or empty); `basis`: `matched` (senders in both periods), `overlap` (nearly all are in both, and all are
        compared) or `estimate` (a survey or another number without senders); `sender` (what a sender is, empty when nothing is matched), `senders` in both periods and
        `told`, those of them that are compared; `senders_before`, `senders_now`; `at_old_rule`, whether the later number was worked out
        by the rule of the earlier one; `reason`, why there is no comparison, empty when there is.
    Raises:
        UsageError, ReleaseError, ScopeError: as for `query`.
    """
    by, asked = tuple(by), canonical(where)
    if set(by) & set(PERIOD_KEYS):
        raise UsageError(N_("A change is between two periods: do not break down by one"))
    found = require_release(release)
    return _changes(found, indicator_id, by, dict(asked), before, scope)


def change(
    indicator_id: str,
    where: Mapping[str, Any] | None = None,
    before: str | None = None,
    release: str | None = None,
    scope: Scope = EVERYWHERE,
) -> Row | None:
    """The change of one place: the row that `changes` has without a breakdown, by column; None where it has none."""
    found, asked = require_release(release), canonical(where)
    row = _of_one_place(found, indicator_id, asked, before)
    return row or next(iter(_changes(found, indicator_id, (), dict(asked), before, scope).to_dict("records")), None)


def _of_one_place(found: Release, indicator_id: str, asked: Codes, before: str | None) -> Row | None:
    """The change of one province or region, read out of those of all of them, which cost as much (`data_access.questions.widening`)."""
    indicator = REGISTRY.get(indicator_id)
    wide = widen(indicator, (), asked, with_reports(found)) if indicator else None
    picked = dict(wide.picked) if wide else {}
    place = [k for k in picked if k not in PERIOD_KEYS]
    if not place or len(picked) < 2:  # without a period, the latest one is that of the place
        return None
    rest = tuple((k, v) for k, v in asked if k not in place)
    return _wide(found.id, found.checksum, indicator_id, tuple(place), rest, before).row(tuple(picked[k] for k in place))


@lru_cache(maxsize=512)
def _wide(
    release_id: str, _checksum: str, indicator_id: str, by: tuple[str, ...], where: Codes, before: str | None
) -> WideAnswer:
    return WideAnswer(_changes(require_release(release_id), indicator_id, by, dict(where), before, EVERYWHERE), by, alone=True)


def _changes(
    found: Release, indicator_id: str, by: tuple[str, ...], asked: dict[str, tuple[str, ...]], before: str | None, scope: Scope
) -> pd.DataFrame:
    now = query(indicator_id, by, asked, found.id, scope)
    indicator = REGISTRY[indicator_id]
    key = next((k for k in PERIOD_KEYS if k in asked), next(iter(indicator.periods), None))
    period = str(asked[key][0] if key in asked else next((p for p in now["period"] if p), ""))
    if not key or not period:
        return _blank(now, by, NO_PERIOD)
    earlier = before or year_before(period)
    if period_type(earlier) != key or last_day(earlier) >= last_day(period):
        raise UsageError(N_("{code} is not a value of {key}"), code=earlier, key=key)
    then = query(indicator_id, by, {**asked, key: earlier}, found.id, scope)
    frame = _side_by_side(now, then, by).assign(period=period, before_period=earlier)
    if indicator.followed:
        return _blank(frame, by, FOLLOWED)
    with reader(found.id).connect() as connection:
        rule = between(breaks(connection, indicator), earlier, period)
        at_old = bool(rule) and bool(indicator.old_rule) and earlier == year_before(period)
        at_old = at_old and indicator.old_rule in remembered(connection, columns_of, f"summary_{indicator.family}")
        frame["at_old_rule"] = at_old
        if _is_matched(indicator):
            ask = Ask(by, canonical({**asked, key: period}), key)
            frame = _with_matched(connection, found, indicator, ask, frame, (earlier, period), at_old)
            if indicator.denominator:
                plain = frame
                if at_old:
                    old = replace(indicator, numerator=indicator.old_rule)
                    plain = _side_by_side(query_by(old, by, {**asked, key: period}, found.id, scope), then, by)
                frame = _with_overlap(frame, plain)
        else:
            frame = _from_estimates(frame)
    frame["reason"] = _reasons(frame, indicator, found, rule if not at_old else ())
    return _judged(frame, indicator)[[*by, *COLUMNS]]


def forget() -> None:
    """Drop every remembered change of this process, as `query.forget` does with answers."""
    for kept in (_wide, _tree, _rows_of_periods):
        kept.cache_clear()


def rule_changes(indicator_id: str, release: str | None = None) -> tuple[Break, ...]:
    """Where the series of an indicator breaks (`data_access.questions.breaks`), the oldest first."""
    if not rules_of(REGISTRY[indicator_id]):
        return ()
    found = require_release(release)
    with reader(found.id).connect() as connection:
        return breaks(connection, REGISTRY[indicator_id])


def ended(period: str, as_of: str) -> bool:
    """Whether a period was over on the day of the data."""
    return last_day(period) <= dt.date.fromisoformat(as_of)


# ---- the plain numbers --------------------------------------------------------------------------------------------------
def _side_by_side(now: pd.DataFrame, then: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    """Both answers in one row each of `by`; what stands in one of them only is not collected in the other."""
    parts = ["value", "state", "flag", "low", "high"]
    one, two = (f[[*by, *parts]].rename(columns={p: f"{p}_{when}" for p in parts}) for f, when in ((now, "now"), (then, "then")))
    if not by:
        frame = pd.concat([one.head(1).reset_index(drop=True), two.head(1).reset_index(drop=True)], axis=1)
    else:
        frame = one.merge(two, on=list(by), how="outer", sort=False)
    for when in ("now", "then"):
        frame[f"state_{when}"] = frame[f"state_{when}"].fillna(cells.NOT_COLLECTED)
        frame[f"flag_{when}"] = frame[f"flag_{when}"].fillna("")
        usable = frame[f"state_{when}"].isin((*cells.TOLD, cells.OLDER))
        frame[f"value_{when}"] = frame[f"value_{when}"].astype(float).where(usable)
    return frame.rename(columns={"value_now": "now", "value_then": "before"})


def _blank(frame: pd.DataFrame, by: tuple[str, ...], reason: str) -> pd.DataFrame:
    """No comparison at all."""
    columns: dict[str, Any] = dict.fromkeys(("before", "matched_now", "matched_before", "change", "margin"), np.nan)
    columns |= dict.fromkeys(("verdict", "basis", "sender"), "") | dict.fromkeys(("clear", "at_old_rule"), False)
    columns |= dict.fromkeys(("senders", "told", "senders_before", "senders_now"), 0)
    columns |= {"now": frame["now"] if "now" in frame else frame["value"], "before_period": frame.get("before_period", "")}
    return frame.assign(**columns, reason=reason)[[*by, *COLUMNS]]


def _from_estimates(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers without senders: their difference as it is, with the margins of their intervals."""
    counts = dict.fromkeys(("senders", "told", "senders_before", "senders_now"), 0)
    return frame.assign(
        matched_now=frame["now"],
        matched_before=frame["before"],
        margin=_of_intervals(frame),
        sender="",
        **counts,
        at_old_rule=False,
    ).assign(basis=ESTIMATE)


def _of_intervals(frame: pd.DataFrame) -> np.ndarray:
    """The margin of a difference whose two numbers have intervals of their own."""
    half = [(frame[f"high_{when}"] - frame[f"low_{when}"]).astype(float) / 2 for when in ("now", "then")]
    return np.hypot(half[0], half[1])


def _with_overlap(frame: pd.DataFrame, plain: pd.DataFrame) -> pd.DataFrame:
    """Ratios of which too few senders are told: all that was sent, where nine in ten senders are in both periods."""
    widest = frame[["senders_before", "senders_now"]].max(axis=1)
    few = (frame["told"] < TOLD_FROM * frame["senders"]) & (frame["senders"] >= OVERLAP * widest)
    return frame.assign(
        matched_now=frame["matched_now"].mask(few, plain["now"]),
        matched_before=frame["matched_before"].mask(few, plain["before"]),
        margin=frame["margin"].mask(few, _of_intervals(plain)),
        basis=frame["basis"].mask(few, OVERLAPPING),
    )


def _reasons(frame: pd.DataFrame, indicator: Indicator, release: Release, rule: tuple[Break, ...]) -> np.ndarray:
    """Why a row has no comparison; the first that applies."""
    states = [frame["state_now"], frame["state_then"]]
    lacking = [s.isin((cells.NOT_COLLECTED, cells.NOT_APPLICABLE, cells.OLDER)) for s in states]
    running = not all(ended(p, release.as_of) for p in {*frame["period"], *frame["before_period"]})
    early = states[0].eq(cells.PROVISIONAL) | states[1].eq(cells.PROVISIONAL)
    matched = frame["basis"] == MATCHED
    paid = is_paid(indicator)  # who has rows may still have to pay
    counts_senders = matched & frame["counts_senders"] if "counts_senders" in frame else pd.Series(False, index=frame.index)
    broken_off = ~matched & ((frame["flag_now"] != "") | (frame["flag_then"] != "") | indicator.two_tables)
    conditions: list[tuple[pd.Series, str]] = [
        (pd.Series(bool(rule), index=frame.index), RULE),
        (lacking[0] | lacking[1], NOT_COLLECTED),
        (pd.Series(running, index=frame.index) | (early & (~matched | paid)), PROVISIONAL),
        (states[0].eq(cells.SUPPRESSED) | states[1].eq(cells.SUPPRESSED), SUPPRESSED),
        (counts_senders, SENDERS),
        (matched & (frame["senders"] == 0), NOBODY),
        (matched & (frame["told"] < TOLD_FROM * frame["senders"]), SUPPRESSED),
        (broken_off, INCOMPLETE),
        (frame["matched_now"].isna() | frame["matched_before"].isna(), NOT_COLLECTED),
    ]
    applies: list[Any] = [c.to_numpy(bool) for c, _r in conditions]
    named: list[Any] = [r for _c, r in conditions]
    return np.select(applies, named, "")


def _judged(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The change, whether it exceeds its margin, and whether that is good; of what is not compared none of it."""
    made = frame["reason"] == ""
    difference = frame["matched_now"] - frame["matched_before"]
    clear = made & (difference.abs() > frame["margin"])
    good = {"up": difference > 0, "down": difference < 0}.get(indicator.direction)
    verdict = np.where(clear, np.where(good, "better", "worse"), "") if good is not None else ""
    told = (PROVISIONAL, "")  # a period that still comes in has its matched numbers, but no change to tell
    shown = frame["reason"].isin(told)
    return frame.assign(
        change=difference.where(made),
        margin=frame["margin"].where(made),
        matched_now=frame["matched_now"].where(shown),
        matched_before=frame["matched_before"].where(shown),
        clear=clear,
        verdict=verdict,
    )


# ---- senders in both periods ---------------------------------------------------------------------------------------------
def _is_matched(indicator: Indicator) -> bool:
    """Whether the indicator is a sum, or a ratio of sums, over senders of which each is told where it may be."""
    if indicator.how or FAMILIES[indicator.family].how or indicator.numerator == SPREAD[0]:
        return False
    spec = spec_of(indicator.family)
    return not set(indicator.parts) & set(spec.untold)


def _with_matched(
    connection: sa.Connection,
    release: Release,
    indicator: Indicator,
    ask: Ask,
    frame: pd.DataFrame,
    pair: tuple[str, str],
    at_old: bool,
) -> pd.DataFrame:
    spec = spec_of(indicator.family)
    split = tuple(a for a in (*spec.attributes, *([spec.each] if spec.each else [])) if a in ask.keys)
    tree, sender = _tree(release.id, release.checksum, indicator, split, *pair, at_old)
    members = pilot_members(connection, ask)
    level = level_of(ask, spec, members, indicator)
    rows = within(connection, tree[tree["place_level"] == level], ask, level, members)
    for attribute in split:
        wanted = ask.values(attribute)
        rows = rows if wanted is None else rows[rows[attribute].isin(wanted)]
    if "pilot_set" in ask.keys and "pilot_set" not in ask.by:
        rows = rows.drop_duplicates(["place_code", *[a for a in rows.columns if a in ask.by]])
    numbers = [c for c in tree.columns if c in _COUNTS or c[:2] in ("s_", "q_")]
    sums = rows.groupby(list(ask.by), sort=False)[numbers].sum() if ask.by else rows[numbers].sum().to_frame().T
    if ask.by:
        sums = frame[list(ask.by)].merge(sums.reset_index(), on=list(ask.by), how="left")
    sums = sums.reset_index(drop=True).fillna(0.0)
    out = frame.reset_index(drop=True).assign(**_estimates(sums, indicator), sender=sender, basis=MATCHED)
    return out.assign(
        senders=sums["both"].astype(int),
        told=sums["told"].astype(int),
        senders_before=sums["before"].astype(int),
        senders_now=sums["now"].astype(int),
        counts_senders=indicator.kind == "count" and indicator.numerator in ("centres", "schools"),
    )


_COUNTS = ("both", "before", "now", "told", "clusters")


def _estimates(sums: pd.DataFrame, indicator: Indicator) -> dict[str, Any]:
    """`matched_now`, `matched_before` and `margin` from sums and second moments over clusters."""
    from scipy.special import stdtrit

    ratio = indicator.denominator is not None
    names = [f"{part}{when}" for when in "ab" for part in (("x", "y") if ratio else ("x",))]
    total = {n: sums[f"s_{n}"].to_numpy(float) for n in names}
    k = sums["clusters"].to_numpy(float)
    none = k == 0
    with np.errstate(invalid="ignore", divide="ignore"):
        if ratio:
            before, now = total["xa"] / total["ya"], total["xb"] / total["yb"]
            weights = {"xa": -1 / total["ya"], "ya": before / total["ya"], "xb": 1 / total["yb"], "yb": -now / total["yb"]}
        else:
            before, now = np.where(none, np.nan, total["xa"]), np.where(none, np.nan, total["xb"])
            weights = {"xa": -np.ones(len(k)), "xb": np.ones(len(k))}
        squares = sum(
            (1 if i == j else 2) * weights[a] * weights[b] * sums[f"q_{a}_{b}"].to_numpy(float)
            for i, a in enumerate(names)
            for j, b in enumerate(names)
            if i <= j
        )
        mean = 0.0 if ratio else (now - before) / k
        variance = np.maximum(k / (k - 1) * (squares - k * mean**2), 0)
        margin = np.where(k > 1, stdtrit(np.maximum(k - 1, 1), 0.975) * np.sqrt(variance), np.nan)
        chance = Z95 * np.sqrt(_chance(indicator, before, now, total))
    few = (k < FEW) & np.isfinite(chance)
    return {"matched_now": now, "matched_before": before, "margin": np.where(few, np.fmax(margin, chance), margin)}


def _chance(indicator: Indicator, before: np.ndarray, now: np.ndarray, total: dict[str, np.ndarray]) -> Any:
    """The variance of a change of counted persons by chance alone: Poisson of counts, binomial of shares; NaN of anything else."""
    if indicator.kind == "count" and indicator.person:
        return before + now
    if indicator.kind == "rate" and indicator.numerator not in design.NO_TRIALS:
        return before * (1 - before) / total["ya"] + now * (1 - now) / total["yb"]
    return np.full(len(before), np.nan)


# ---- the tree of places, from shown cells -------------------------------------------------------------------------------
@dataclass
class _Nodes:
    """Places of one level and cells of the split, with what each has of senders in both periods.

    Attributes:
        keys: the path and the split, one row a node.
        counts: as `_COUNTS`: senders in both periods, before, now; of both those that are told; clusters.
        matched, others: numbers before and now of senders in both periods and of the others; missing where they cannot be told.
        told: sums over the clusters of the same numbers; products: of each pair of them.
    """

    keys: pd.DataFrame
    counts: np.ndarray
    matched: np.ndarray
    others: np.ndarray
    told: np.ndarray
    products: np.ndarray

    def frame(self, level: str, code: str, names: list[str]) -> pd.DataFrame:
        """As a table."""
        sums = {f"s_{n}": self.told[:, i] for i, n in enumerate(names)}
        pairs = {f"q_{names[i]}_{names[j]}": self.products[:, k] for k, (i, j) in enumerate(_pairs(len(names)))}
        counts = {c: self.counts[:, i] for i, c in enumerate(_COUNTS)}
        return self.keys.assign(place_level=level, place_code=self.keys[code], **counts, **sums, **pairs)


def _pairs(n: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(n) for j in range(i, n)]


def _products(values: np.ndarray) -> np.ndarray:
    return np.column_stack([values[:, i] * values[:, j] for i, j in _pairs(values.shape[1])])


@lru_cache(maxsize=48)
def _tree(
    release_id: str, checksum: str, indicator: Indicator, split: tuple[str, ...], before: str, now: str, at_old: bool
) -> tuple[pd.DataFrame, str]:
    """What each place has of senders that are in both periods, and what a sender is.

    Returns:
        One row a place and cell of the split: place_level, place_code, the path, `both`, `before`, `now` (senders), `told` (of both),
        `clusters` and, over these, the sums `s_xa`, `s_xb` (numerator before and now; `y` the denominator) and of products `q_xa_xb`.
    """
    spec = spec_of(indicator.family)
    rows = _shown_rows(release_id, checksum, indicator, split, (before, now))
    with reader(release_id).connect() as connection:
        regions = remembered(connection, all_provinces).set_index("province_code")
    depth = max((n for n, level in enumerate(spec.levels) if (rows["place_level"] == level).any()), default=0)
    path, levels = spec.path[: depth + 1], spec.levels[: depth + 1]
    sides = [_numbers(rows[rows["period"] == p], indicator, at_old and p == now) for p in (before, now)]
    parts = [c for c in ("x", "y") if c in sides[0]]
    names = [f"{part}{when}" for when in "ab" for part in parts]
    frames: list[pd.DataFrame] = []
    nodes: _Nodes | None = None
    for n in range(depth, -1, -1):
        here = [*path[: n + 1], *split]
        shown = [side[side["place_level"] == levels[n]] for side in sides]
        nodes = (
            _senders(shown[0], shown[1], here, parts) if nodes is None else _parents(nodes, nodes.keys[here], shown, here, parts)
        )
        frames.append(nodes.frame(levels[n], path[n], names))
    assert nodes is not None
    around = {scheme: nodes.keys["province_code"].map(regions[scheme]) for scheme in REGION_SCHEMES} | {NATION_LEVEL: NATION}
    for level, code in around.items():
        shown = [side[side["place_level"] == level] for side in sides]
        keys = ["place_code", *split]
        wider = _parents(nodes, nodes.keys.assign(place_code=code)[keys], shown, keys, parts)
        if level == NATION_LEVEL and not split and not at_old:
            wider = _told_whole(wider, _summed(release_id, indicator, before, now))
        frames.append(wider.frame(level, "place_code", names))
    out = pd.concat(frames, ignore_index=True)
    return out.assign(**{c: None for c in spec.path if c not in out}), levels[-1]


def _summed(release_id: str, indicator: Indicator, before: str, now: str) -> tuple[float, ...]:
    """Senders in both periods and what they sent before and now, all of the country; empty where that is not told."""
    if indicator.denominator or indicator.minus:
        return ()
    with reader(release_id).connect() as connection:
        return remembered(connection, _sums_stored).get((indicator.family, indicator.numerator, now, before), ())


def _sums_stored(connection: sa.Connection) -> dict[tuple[str, ...], tuple[float, ...]]:
    """All of them, a few hundred rows: (family, measure, period, the one before) -> senders, before and now. None in an older release."""
    if not remembered(connection, columns_of, matched_sums.TABLE):
        return {}
    columns: list[sa.ColumnClause] = [sa.column(name) for name in matched_sums.COLUMNS]
    rows = read_frame(connection, sa.select(*columns).select_from(sa.table(matched_sums.TABLE)))
    return {tuple(map(str, row[:4])): tuple(map(float, row[4:])) for row in rows.itertuples(index=False)}


def _shown_rows(
    release_id: str, checksum: str, indicator: Indicator, split: tuple[str, ...], pair: tuple[str, str]
) -> pd.DataFrame:
    """Rows of the cube of both periods by the split, and, where the finest places have none of it, those that say who sent."""
    spec = spec_of(indicator.family)
    alone = indicator.id if indicator.family == REPORTED else ""
    rows = _rows_of_periods(release_id, checksum, indicator.family, alone, split, pair)
    each = [spec.each] if spec.each else []
    extra = [indicator.old_rule, indicator.known, *(f"known_{p}" for p in indicator.parts if p in spec.optional)]
    wanted = ["place_level", "place_code", *spec.path, "period", *each, *spec.attributes, *indicator.parts, *filter(None, extra)]
    if not {*indicator.parts, *(a for a in split if a in spec.attributes)} <= set(rows):  # a release of an older version
        return pd.DataFrame(columns=list(dict.fromkeys(wanted)))
    rows = rows[list(dict.fromkeys(c for c in wanted if c in rows))]
    return rows if spec.deep or not set(split) & set(spec.attributes) else _spread(rows, spec, split)


@lru_cache(maxsize=8)
def _rows_of_periods(
    release_id: str, _checksum: str, family: str, indicator_id: str, split: tuple[str, ...], pair: tuple[str, str]
) -> pd.DataFrame:
    """All measures of a family's cube in both periods, read once for all of its indicators; of reported values those of one."""
    spec = spec_of(family)
    name = f"summary_{family}"
    with reader(release_id).connect() as connection:
        there = remembered(connection, columns_of, name)
        if not there:
            return pd.DataFrame()
        columns: list[sa.ColumnClause] = [sa.column(c) for c in sorted(there) if not c.startswith(design.PREFIX)]
        statement: sa.Select = sa.select(*columns).select_from(sa.table(name)).where(sa.column("period").in_(pair))
        if indicator_id:
            statement = statement.where(sa.column("indicator") == indicator_id)
        for attribute in (a for a in spec.attributes if a in there):  # a release of an older version lacks the newer ones
            column: sa.ColumnClause = sa.column(attribute)
            if attribute not in split:
                statement = statement.where(column == ALL)
            elif spec.deep:
                statement = statement.where(column != ALL)
        return read_frame(connection, statement)


def _spread(rows: pd.DataFrame, spec: CubeSpec, split: tuple[str, ...]) -> pd.DataFrame:
    """Rows of every cell of a split; places that do not publish it have hidden ones, so that their senders are still counted."""
    of_split = [a for a in split if a in spec.attributes]
    is_cell = (rows[of_split] != ALL).all(axis=1)
    whole = rows[(rows[of_split] == ALL).all(axis=1)].drop(columns=of_split)
    cells_of = rows.loc[is_cell, of_split].drop_duplicates()
    keys = ["place_level", "place_code", *spec.path, "period", *([spec.each] if spec.each else []), *of_split]
    keys = [k for k in keys if k in rows]
    grid = whole[[k for k in keys if k not in of_split]].merge(cells_of, how="cross")
    return grid.merge(rows[is_cell], on=keys, how="left")


def _numbers(rows: pd.DataFrame, indicator: Indicator, at_old: bool) -> pd.DataFrame:
    """The numerator `x` and denominator `y` of each row, and whether a sender of it is one of the indicator (`there`)."""
    x = rows[indicator.old_rule if at_old else indicator.numerator].astype(float)
    x = x - rows[indicator.minus].astype(float) if indicator.minus and not at_old else x
    there = pd.Series(True, index=rows.index)
    out = rows.assign(x=x)
    if indicator.denominator:
        out["y"] = rows[indicator.denominator].astype(float)
    about = [indicator.denominator, indicator.known, *(c for c in rows.columns if str(c).startswith("known_"))]
    for column in (c for c in about if c and c in rows):
        there &= rows[column].astype(float) != 0  # a hidden number is not nought
    return out.assign(there=there)


def _index(frame: pd.DataFrame, keys: list[str]) -> pd.Index:
    return pd.Index(frame[keys[0]]) if len(keys) == 1 else pd.MultiIndex.from_frame(frame[keys])


def _at(side: pd.DataFrame, keys: list[str], index: pd.Index, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Numbers at these keys and whether there is a row: nought where there is none, missing where they are hidden."""
    position = _index(side, keys).get_indexer(index)
    values = np.zeros((len(index), len(names)))
    there = position >= 0
    values[there] = side[names].to_numpy(float)[position[there]]
    return values, there


def _senders(a: pd.DataFrame, b: pd.DataFrame, keys: list[str], parts: list[str]) -> _Nodes:
    """The finest places: each is in both periods or in one, and told where it is shown in both."""
    frame = pd.concat([a[keys], b[keys]], ignore_index=True).drop_duplicates(ignore_index=True)
    index = _index(frame, keys)
    sides = [_at(side, keys, index, [*parts, "there"]) for side in (a, b)]
    was, is_ = (row & (values[:, -1] > 0) for values, row in sides)
    both = was & is_
    old, new = (values[:, :-1] for values, _row in sides)
    numbers = np.hstack([old, new])
    present = np.hstack([np.repeat(w[:, None], len(parts), axis=1) for w in (was, is_)])
    told = both & ~np.isnan(numbers).any(axis=1)
    sums = np.where(told[:, None], numbers, 0.0)
    return _Nodes(
        frame,
        np.column_stack([both, was, is_, told, told]).astype(float),
        np.where(both[:, None], numbers, 0.0),
        np.where(~both[:, None] & present, numbers, 0.0),
        sums,
        _products(sums),
    )


def _parents(below: _Nodes, above: pd.DataFrame, shown: list[pd.DataFrame], keys: list[str], parts: list[str]) -> _Nodes:
    """Places from their parts (`above`: the place of each) and from what is shown of themselves."""
    group, index = pd.factorize(_index(above, keys))
    frame = index.to_frame(index=False) if len(keys) > 1 else pd.DataFrame({keys[0]: index})
    frame.columns = pd.Index(keys)
    counts, matched, others, told, products = (
        _added(values, group, len(frame)) for values in (below.counts, below.matched, below.others, below.told, below.products)
    )
    whole = np.hstack([_at(side, keys, index, parts)[0] for side in shown])
    both = counts[:, 0]
    sent = np.repeat(counts[:, 1:3], len(parts), axis=1)
    for known, other, all_of_it in (
        (matched, others, sent == both[:, None]),
        (others, matched, np.zeros_like(sent) == both[:, None]),
    ):
        known[:] = np.where(np.isnan(known) & all_of_it, whole, known)
        known[:] = np.where(np.isnan(known), whole - other, known)
    rest = matched - told
    more = ~np.isnan(matched).any(axis=1) & (counts[:, 3] < both)  # hidden ones that can be told together
    lump = np.where(more[:, None], rest, 0.0)
    counts[:, 3] = np.where(more, both, counts[:, 3])
    counts[:, 4] += more
    return _Nodes(frame, counts, matched, others, told + lump, products + _products(lump))


def _told_whole(country: _Nodes, summed: tuple[float, ...]) -> _Nodes:
    """The country with the sums of all senders in both periods; those that are not told one by one vary as the others do."""
    both, _before, _now, told, clusters = country.counts[0] if len(country.counts) else np.zeros(len(_COUNTS))
    if not summed or summed[0] != both or told == both or clusters < 2:
        return country
    matched, more = np.array([summed[1:]]), both - told
    rest, spread = matched - country.told, country.products - _products(country.told) / clusters
    products = country.products + _products(rest) / more + more * spread / (clusters - 1)
    counts = country.counts.copy()
    counts[0, 3:] = both, clusters + more
    return replace(country, counts=counts, matched=matched, told=matched, products=products)


def _added(values: np.ndarray, group: np.ndarray, n: int) -> np.ndarray:
    """Sums of the rows of each group; missing where a part is."""
    return np.column_stack([np.bincount(group, values[:, c], n) for c in range(values.shape[1])])
