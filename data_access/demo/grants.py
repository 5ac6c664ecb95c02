"""Pupils' grants: an invented panel of pupils followed from semester to semester, and how far each got along the chain.

The pupils and their careers are drawn first (`careers`), then the chain from found to paid (`_chain`), the money, the days
and the attendance. Semester 2565-1 is fitted to the published figures exactly; amounts are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_access.contract.schema import DISABILITY
from data_access.demo.careers import EXTRA, NOT_POOR, Careers, careers
from data_access.demo.common import SEMESTERS, generator, keys, pick
from data_access.demo.places import World
from data_access.demo.policy import ATTENDANCE_THRESHOLDS

AS_OF = np.datetime64("2025-09-30")
MISSING_PROVINCE, MISSING_SEMESTER = "86", SEMESTERS.index("2566-2")
FIT, FIT_AFTER = SEMESTERS.index("2565-1"), SEMESTERS.index("2565-2")
PAID_CELLS = {(True, False): 13_325, (True, True): 4_640, (False, False): 6_239, (False, True): 2_172}
"""Paid pupils of 2565-1 by (extra-poor, lower secondary): 26,376 in all, 17,965 extra-poor, 6,812 in lower secondary."""
EQUITY_AFTER = 17_035
"""Equity Grant recipients of 2565-2; with 17,965 before and 800 baht each, the year comes to 28,000,000 baht."""
BASIC_BAHT, BASIC_SECONDARY_BAHT, EQUITY_BAHT = 1_000.0, 3_000.0, 800.0
DISABLED_SHARE, DISABILITY_NOT_ASKED, DISABILITY_SINCE = 0.035, 0.08, "2565-1"
COVERAGE = (0.84, 0.86, 0.88, 0.91, 0.92, 0.93, 0.94)
FOUND, SCREENED, CERTIFIED, VERIFIED, ALLOTTED, PAID = range(6)
STAGES = ("found", "screened", "certified", "verified", "allotted", "paid")
TIERS = ("extra_poor", "poor", "not_poor")
GRADES = ("K1", "K2", "K3", *(f"P{i}" for i in range(1, 7)), "M1", "M2", "M3")
NEXT = ("stayed", "moved_up", "moved", "dropped_out", "unknown")
UNKNOWN = NEXT.index("unknown")
REFERRALS = ("none", "sent", "accepted", "closed")
CUTOFF = 50
STARTS = np.array([f"{int(s[:4]) - 543}-{'05-16' if s[-1] == '1' else '11-01'}" for s in SEMESTERS], "datetime64[D]")


@dataclass
class Panel:
    """One row a pupil and semester, and the places behind it."""

    rows: Careers
    lao: np.ndarray
    province: np.ndarray
    n_laos: int

    @property
    def cell(self) -> np.ndarray:
        """Authority × semester, for what happens to a whole authority."""
        return self.lao * len(SEMESTERS) + self.rows.semester


def pupil_grant(world: World) -> pd.DataFrame:
    """The table: about 450,000 rows over 13 semesters."""
    rng = generator("grants")
    panel = _panel(world, careers(world, rng), rng)
    rows = panel.rows
    stage, dates = _dated(panel, _chain(panel, rng), rng)
    paid, secondary = stage == PAID, rows.grade >= 9
    equity = _equity(panel, paid, rng)
    attendance = _attendance(panel, stage, rng)
    met = pd.array(attendance >= _threshold(rows.semester), dtype="boolean")
    met[np.isnan(attendance) | (rows.tier != EXTRA)] = pd.NA
    return pd.DataFrame(
        {
            "pupil_key": keys(generator("pupil keys"), rows.n_pupils)[rows.pupil],
            "semester": pick(SEMESTERS, rows.semester),
            "school_code": world.schools["school_code"].to_numpy(dtype=object)[rows.school],
            "level": pick(("kindergarten", "primary", "lower_secondary"), (rows.grade >= 3).astype(int) + secondary),
            "grade": pick(GRADES, rows.grade),
            "sex": pick(("male", "female"), rows.sex),
            "tier": pick(TIERS, rows.tier),
            "disability": _disability(panel),
            "stage": pick(STAGES, stage),
            **dates,
            "basic_baht": np.where(paid, np.where(secondary, BASIC_SECONDARY_BAHT, BASIC_BAHT), np.nan),
            "equity_baht": np.where(equity, EQUITY_BAHT, np.nan),
            "attendance": attendance,
            "condition_met": met,
            "next_status": pick(NEXT, rows.following),
            **_referred(rows, rng),
        }
    )


def _disability(panel: Panel) -> np.ndarray:
    """Invented: some pupils in a hundred, the same in every semester; files before 2565-1, and of some authorities, have no such column."""
    own = generator("disability")
    disabled = own.random(panel.rows.n_pupils)[panel.rows.pupil] < DISABLED_SHARE
    silent = own.random(panel.n_laos)[panel.lao] < DISABILITY_NOT_ASKED
    asked = (panel.rows.semester >= SEMESTERS.index(DISABILITY_SINCE)) & ~silent
    return np.where(asked, pick(DISABILITY[:2], (~disabled).astype(int)), None)


def _threshold(semester: np.ndarray) -> np.ndarray:
    """The attendance asked for at the start of each row's semester."""
    days = np.array([day for day, _share in ATTENDANCE_THRESHOLDS], "datetime64[D]")
    shares = np.array([share for _day, share in ATTENDANCE_THRESHOLDS])
    return shares[np.maximum(np.searchsorted(days, STARTS[semester], side="right") - 1, 0)]


# ---- which rows were ever submitted ---------------------------------------------------------------------------------------
def _panel(world: World, rows: Careers, rng: np.random.Generator) -> Panel:
    """Rows that were submitted: a province missed one semester, and now and then a local authority does."""
    codes = pd.Index(world.laos["lao_code"])
    lao_of_school = codes.get_indexer(world.schools["lao_code"])
    province_of_lao = world.weight.index.get_indexer(pd.Index(world.laos["district_code"].str[:2]))
    lao = lao_of_school[rows.school]
    silent = rng.random((len(codes), len(SEMESTERS))) < 0.012
    silent[:, [FIT, FIT_AFTER]] = False
    silent[province_of_lao == world.weight.index.get_loc(MISSING_PROVINCE), MISSING_SEMESTER] = True
    last = rows.semester == len(SEMESTERS) - 1
    following = np.minimum(rows.semester + 1, len(SEMESTERS) - 1)
    rows.following = np.where(last | silent[lao, following], UNKNOWN, rows.following)
    kept = np.flatnonzero(~silent[lao, rows.semester])
    return Panel(rows.take(kept), lao[kept], province_of_lao[lao[kept]], len(codes))


# ---- from found to paid -----------------------------------------------------------------------------------------------------
def _chain(panel: Panel, rng: np.random.Generator) -> np.ndarray:
    """The latest stage of each row, before the calendar has its say."""
    rows = panel.rows
    year = rows.semester // 2
    n_years = len(COVERAGE)
    luck = rng.random((rows.n_pupils, n_years))[rows.pupil, year]
    found_only = rng.random((rows.n_pupils, n_years))[rows.pupil, year] < 0.035
    hardship = rng.beta(1.2, 6, panel.province.max() + 1)
    rank = luck + 0.5 * hardship[panel.province]
    chance = np.array([0.07, 0.06, 0.06, 0.05, 0.06, 0.05, 0.035, 0.03, 0.05, 0.05, 0.04, 0.04, 0.03])
    stuck = rng.random((panel.n_laos, len(SEMESTERS))) < chance
    stuck_at = rng.choice([SCREENED, CERTIFIED, VERIFIED, ALLOTTED], p=[0.3, 0.25, 0.25, 0.2], size=stuck.shape)
    held = stuck[panel.lao, rows.semester]
    eligible = ~found_only & (rows.tier != NOT_POOR)
    paid = eligible & ~held & (rank < _bars(rows, eligible & ~held, rank))
    alone = np.where(luck * 97 % 1 < 0.6, SCREENED, np.where(luck * 97 % 1 < 0.85, CERTIFIED, VERIFIED))
    stage = np.where(held, stuck_at[panel.lao, rows.semester], alone)
    stage = np.where(rows.tier == NOT_POOR, SCREENED, stage)
    return np.where(found_only, FOUND, np.where(paid, PAID, stage))


def _bars(rows: Careers, pool: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """The rank below which a pupil is paid: by year, in 2565 by cell so that the counts come out exactly."""
    year = rows.semester // 2
    quantiles = [np.quantile(rank[pool & (year == y)], share) for y, share in enumerate(COVERAGE)]
    bars = np.array(quantiles)[year]
    for (extra, secondary), wanted in PAID_CELLS.items():
        cell = ((rows.tier == EXTRA) == extra) & ((rows.grade >= 9) == secondary)
        here = np.sort(rank[pool & cell & (rows.semester == FIT)])
        if len(here) <= wanted:
            raise ValueError(f"only {len(here)} eligible pupils for {wanted} grants")
        bars[cell & (year == FIT // 2)] = here[wanted]
    return bars


def _dated(panel: Panel, stage: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Days of each stage; what had not happened by the day of the data is taken back."""
    size = (panel.n_laos, len(SEMESTERS))
    late = np.where(rng.random(size) < 0.09, rng.integers(40, 170, size), rng.integers(0, 14, size)).reshape(-1)[panel.cell]
    steps = rng.integers([5, 6, 4, 4, 8, 6], [35, 26, 20, 20, 30, 24], size=(len(stage), 6)).astype(np.int16)
    steps[:, 1] += late.astype(np.int16)
    day = STARTS[panel.rows.semester][:, None] + np.cumsum(steps, axis=1).astype("timedelta64[D]")
    stage = np.minimum(stage, (day <= AS_OF).sum(axis=1) - 1)
    unrecorded = (rng.random(size) < 0.02).reshape(-1)[panel.cell]
    dates = {}
    for number, name in enumerate(STAGES):
        known = stage >= number
        if name == "verified":
            known &= ~unrecorded
        dates[f"{name}_on"] = np.where(known, day[:, number], np.datetime64("NaT")).astype("datetime64[s]")
    return stage, dates


def _equity(panel: Panel, paid: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who got the Equity Grant: the extra-poor who were paid, but for authorities that did not certify again in semester 2."""
    equity = paid & (panel.rows.tier == EXTRA)
    lapsed = rng.random((panel.n_laos, len(SEMESTERS))) < 0.03 * (np.arange(len(SEMESTERS)) % 2)
    lapsed[:, FIT_AFTER] = False
    equity &= ~lapsed[panel.lao, panel.rows.semester]
    here = np.flatnonzero(equity & (panel.rows.semester == FIT_AFTER))
    order = here[np.argsort(rng.random(panel.n_laos)[panel.lao[here]], kind="stable")]
    if len(order) < EQUITY_AFTER:
        raise ValueError(f"only {len(order)} extra-poor pupils in the second semester")
    equity[order[: len(order) - EQUITY_AFTER]] = False
    return equity


# ---- attendance and referral --------------------------------------------------------------------------------------------------
def _attendance(panel: Panel, stage: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Share of school days attended: worse in some provinces and around the closures; some authorities do not report it."""
    rows = panel.rows
    year_effect = np.array([1.0, 1.25, 1.5, 1.2, 1.0, 0.95, 0.9])
    province_effect = rng.gamma(9, 1 / 9, panel.province.max() + 1)
    absent = rng.gamma(1.6, 0.045, len(stage)) * year_effect[rows.semester // 2] * province_effect[panel.province]
    share = np.clip(1 - absent, 0, 1).round(3)
    unreported = (rng.random((panel.n_laos, len(SEMESTERS))) < 0.03).reshape(-1)[panel.cell]
    return np.where(unreported | (stage < SCREENED), np.nan, share)


def _referred(rows: Careers, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Referrals with their days; of a closed one the days it took."""
    status = _referral(rows, rng)
    own = generator("referral days")
    sent = STARTS[rows.semester] + own.integers(30, 110, len(status)).astype("timedelta64[D]")
    closed = sent + own.gamma(3.0, 18.0, len(status)).astype("timedelta64[D]")
    nothing = np.datetime64("NaT")
    return {
        "referral": pick(REFERRALS, status),
        "referred_on": np.where(status > 0, sent, nothing).astype("datetime64[s]"),
        "referral_closed_on": np.where(status == REFERRALS.index("closed"), closed, nothing).astype("datetime64[s]"),
    }


def screening_score(world: World) -> pd.DataFrame:
    """Invented scores by province, semester and band; a visit checked about one pupil in nine. The cut-off is invented too."""
    rng = generator("screening scores")
    bands, semesters = np.arange(0, 100, 5), SEMESTERS[-3:]
    size = rng.poisson(
        np.maximum(world.weight.to_numpy() / world.weight.sum() * 36_000, 1)[:, None], (len(world.weight), len(semesters))
    )
    centre = rng.normal(58, 5, len(world.weight))
    shape = np.exp(-(((bands + 2.5 - centre[:, None]) / 19) ** 2) / 2)
    counts = rng.multinomial(size, (shape / shape.sum(axis=1, keepdims=True))[:, None, :])
    checked = rng.binomial(counts, 0.11)
    poor = rng.binomial(checked, 1 / (1 + np.exp(-(bands - CUTOFF + 2.5) / 7)))
    index = pd.MultiIndex.from_product([world.weight.index, semesters, bands], names=["province_code", "semester", "score_low"])
    by_truth = pd.DataFrame(
        {"poor": poor.ravel(), "not_poor": (checked - poor).ravel(), "unknown": (counts - checked).ravel()}, index=index
    )
    long = by_truth.reset_index().melt(index.names, var_name="truth", value_name="pupils")
    return long[long["pupils"] > 0].assign(cutoff=CUTOFF).reset_index(drop=True)


def _referral(rows: Careers, rng: np.random.Generator) -> np.ndarray:
    """A few are passed on to other agencies, most of them pupils who leave."""
    chance = np.where(rows.following == NEXT.index("dropped_out"), 0.3, np.where(rows.tier == EXTRA, 0.02, 0.003))
    return np.where(rng.random(len(chance)) < chance, rng.integers(1, 4, len(chance)), 0)
