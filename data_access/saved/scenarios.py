"""Scenarios: named sets of changed rates, what they cost by province, authority, size and year, and who gains or loses.

Lunch: Σ over schools n · rate(n) · days. Grants: Σ over levels recipients of each semester · rate a semester. School sizes are the
institution's own numbers in the provinces of the scope and means of several schools elsewhere (`told`); recipients come through
published cells only, so a suppressed cell is left out of its province and said.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from data_access.contract.errors import UsageError
from data_access.contract.national_ids import masked
from data_access.contract.periods import fiscal_year_of
from data_access.contract.settings import settings
from data_access.programmes.policy import rates as rate_cards
from data_access.programmes.policy.rates import BASIC, EQUITY, LEVELS, LUNCH, RATE_IDS, Card
from data_access.questions import cells
from data_access.questions.query import periods_of, query
from data_access.saved.json_store import SCENARIOS, Deleted, Shelf
from data_access.store.tables import read_table
from data_access.who.access import OPERATOR, Person, Scope
from i18n import N_

DAYS = 205
"""School days a year that the Cabinet's sum for FY2565 implies: 25,436,304,000 baht ÷ 5,894,420 pupils ÷ 21 baht = 205.5."""
SIZE_GROUPS = ((1, 40), (41, 100), (101, 120), (121, None))
"""Size groups of the Cabinet decision of 8 November 2565; they stay the same whatever a scenario's steps, so scenarios compare."""
TO_PRIMARY, EVERY_SCHOOL = "to_primary", "every_school"
COVERS = (TO_PRIMARY, EVERY_SCHOOL)
SHARED = ""  # the province of recipients that no province may show: the nation's published number less the provinces' own
GRANTS = {BASIC: "grant.basic_recipients", EQUITY: "grant.equity_recipients"}
MOST_COMPARED, LONGEST_NAME = 4, 60
VERSION = 1
LIMITS = {
    "days": (1, 366),
    "base_days": (1, 366),
    "start_year": (2560, 2599),
    "years": (1, 10),
    "indexation": (-0.2, 0.5),
    "growth": (-0.2, 0.2),
}
WHOLE = ("days", "base_days", "start_year", "years")
HIGHEST_RATE = {LUNCH: 1_000.0, BASIC: 100_000.0, EQUITY: 100_000.0}
Bands = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Scenario:
    """What a scenario changes; frozen, validated when made.

    `lunch` are (size band, baht a day), `basic` and `equity` (level, baht a semester); a programme without bands is not costed.
    `base` names the card of each programme that the scenario is set against. `indexation` raises the scenario's rates from the
    second year on; `growth` changes every school's pupils and every number of recipients, in the base as well.
    """

    name: str
    lunch: Bands = ()
    basic: Bands = ()
    equity: Bands = ()
    base: tuple[tuple[str, str], ...] = ()
    days: int = DAYS
    base_days: int = DAYS
    indexation: float = 0.0
    growth: float = 0.0
    start_year: int = 2569
    years: int = 3
    covers: str = TO_PRIMARY

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", clean_name(self.name))
        for key in LIMITS:
            _check_limits(key, getattr(self, key))
        if self.covers not in COVERS:
            raise UsageError(N_("{code} is not a value of {key}"), code=self.covers, key="covers")
        for rate_id in RATE_IDS:
            _check_bands(rate_id, self.bands(rate_id))
        if self.lunch:  # one spelling of each step ("1+" is "all"): costs and workbook meet by it
            object.__setattr__(self, "lunch", tuple((s.band, s.baht) for s in rate_cards.steps(dict(self.lunch))))

    @property
    def id(self) -> str:
        """The address and file name of a scenario: a hash of its name, so that no name can leave the folder."""
        return hashlib.sha256(self.name.casefold().encode()).hexdigest()[:12]

    @property
    def fiscal_years(self) -> range:
        """The years that are costed (BE)."""
        return range(self.start_year, self.start_year + self.years)

    def bands(self, rate_id: str) -> Bands:
        """The rates of one programme."""
        return {LUNCH: self.lunch, BASIC: self.basic, EQUITY: self.equity}[rate_id]

    def factor(self, year: int) -> float:
        """What a year's rates are multiplied by: (1 + indexation) to the years since the first."""
        return (1 + self.indexation) ** (year - self.start_year)


def clean_name(name: Any) -> str:
    """A scenario's name, composed and trimmed, without national IDs.

    Raises:
        UsageError: empty, too long, without a letter or digit, or with a character that a file or a screen would take amiss.
    """
    text = masked(unicodedata.normalize("NFC", name)).strip() if isinstance(name, str) else ""
    if not any(unicodedata.category(c)[0] in "LN" for c in text):
        raise UsageError(N_("A scenario needs a name with a letter or a digit"))
    if len(text) > LONGEST_NAME:
        raise UsageError(N_("A scenario's name has at most {n} characters"), n=LONGEST_NAME)
    if any(unicodedata.category(c)[0] == "C" or c in '/\\:*?"<>|' for c in text):
        raise UsageError(N_("A scenario's name cannot hold control characters or any of {signs}"), signs='/ \\ : * ? " < > |')
    return text


def _check_limits(key: str, value: Any) -> None:
    low, high = LIMITS[key]
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not number or not low <= value <= high or (key in WHOLE and value != int(value)):
        raise UsageError(N_("{key} must be a number from {low} to {high}"), key=key, low=low, high=high)


def _check_bands(rate_id: str, bands: Bands) -> None:
    names = [band for band, _baht in bands]
    if len(set(names)) != len(names):
        raise UsageError(N_("A band of {rate} is named twice"), rate=rate_id)
    for band, baht in bands:
        number = isinstance(baht, (int, float)) and not isinstance(baht, bool) and math.isfinite(baht)
        if not number or not 0 <= baht <= HIGHEST_RATE[rate_id]:
            raise UsageError(N_("The rate of {band} must be from 0 to {high} baht"), band=band, high=int(HIGHEST_RATE[rate_id]))
        if rate_id != LUNCH and band not in (*LEVELS, rate_cards.ALL):
            raise UsageError(N_("{code} is not a value of {key}"), code=band, key="level")
    if rate_id == LUNCH and bands:
        rate_cards.steps(dict(bands))


# ---- base -------------------------------------------------------------------------------------------------------------------
def from_cards(name: str, chosen: Mapping[str, Card], **changes: Any) -> Scenario:
    """A scenario that pays what the chosen cards pay, each also its base; `changes` are further fields."""
    lunch = chosen[LUNCH].bands if LUNCH in chosen else ()
    grants = {k: tuple(chosen[r].comparable.items()) if r in chosen else () for k, r in (("basic", BASIC), ("equity", EQUITY))}
    base = tuple((r, chosen[r].id) for r in RATE_IDS if r in chosen)
    return Scenario(name, lunch=lunch, base=base, **{**grants, **changes})


def default_cards(found: Sequence[Card], day: dt.date) -> dict[str, Card]:
    """The card of each programme that stands as the base on a day, where the tables hold one."""
    picked = {r: rate_cards.default_card(found, r, day) for r in RATE_IDS}
    return {r: c for r, c in picked.items() if c is not None}


def base_of(scenario: Scenario, found: Sequence[Card]) -> Scenario:
    """The scenario's years and pupils under its base cards, with the base's days and no indexation.

    Raises:
        UsageError: a base card is not among those of the release.
    """
    by_id = {c.id: c for c in found}
    if missing := [card for _rate, card in scenario.base if card not in by_id]:
        raise UsageError(N_("The base card {card} is not in this release; choose another"), card=missing[0])
    chosen = {rate: by_id[card] for rate, card in scenario.base}
    plain = from_cards(scenario.name, chosen)
    return replace(scenario, lunch=plain.lunch, basic=plain.basic, equity=plain.equity, days=scenario.base_days, indexation=0.0)


# ---- what is costed -----------------------------------------------------------------------------------------------------------
def schools_of(release: str, scope: Scope) -> pd.DataFrame:
    """Every school, as far as its size may be told to somebody (`told`).

    Returns:
        school_code, province, kind (of its authority), level (highest taught), pupils (missing when not supplied).
    """
    schools = read_table(release, "school")
    kinds = read_table(release, "lao").set_index("lao_code")["kind"]
    every = pd.DataFrame(
        {
            "school_code": schools["school_code"],
            "province": schools["subdistrict_code"].str[:2],
            "kind": schools["lao_code"].map(kinds).fillna(""),
            "level": schools["level"],
            "pupils": schools["pupils"].astype(float),
        }
    )
    return told(every, scope, settings().disclosure_threshold)


def told(schools: pd.DataFrame, scope: Scope, fewest: int) -> pd.DataFrame:
    """Schools with the sizes that somebody may know: their own in the provinces of the scope, means of `fewest` and more elsewhere.

    Steps, growth and rates are chosen freely, so whoever could ask about a school's own size would find it by halving. Elsewhere the
    schools of a province that teach to primary, and those that teach beyond, stand in the order of their size, and each `fewest` of
    them (the largest: up to twice as many) have their mean; fewer than `fewest` have that of the country. What is costed is told by
    no finer cut than these, so no two steps tell one school from the others of its mean. Kinds of authority, of which a province has
    one or two schools, are left out there. Which schools have one mean does not depend on who asks.
    """
    out = schools.copy()
    hidden = ~out["province"].map(scope.covers).astype(bool)
    sized = schools[schools["pupils"].notna()].sort_values(["pupils", "school_code"])
    beyond = ~_to_primary(sized)
    group = sized.groupby([sized["province"], beyond])
    enough = group["pupils"].transform("size") // fewest
    means = sized.groupby([sized["province"], beyond, np.minimum(group.cumcount() // fewest, enough - 1)])["pupils"].transform(
        "mean"
    )
    country = sized.groupby(beyond)["pupils"].transform("mean")
    country = country.where(sized.groupby(beyond)["pupils"].transform("size") >= fewest)  # else it is not told, and not costed
    out["pupils"] = out["pupils"].where(~hidden, means.where(enough > 0, country))
    out["kind"] = out["kind"].where(~hidden, "")
    return out


def _to_primary(schools: pd.DataFrame) -> pd.Series:
    return schools["level"].isin(("kindergarten", "primary"))


def recipients_of(release: str) -> pd.DataFrame:
    """Recipients of both semesters of the last whole academic year, by programme, province and level, from published cells.

    Returns:
        One row a programme, province and level: rate_id, province, level, pupil_semesters, hidden (suppressed cells left out),
        academic_year (BE). The province `SHARED` holds what the nation's published number has beyond the provinces' own.
    """
    parts = [_recipients(rate_id, indicator, release) for rate_id, indicator in GRANTS.items()]
    return pd.concat(parts, ignore_index=True)


def _recipients(rate_id: str, indicator: str, release: str) -> pd.DataFrame:
    periods = set(periods_of(indicator, "semester", release))
    whole = [int(p[:4]) for p in periods if p.endswith("-1") and f"{p[:4]}-2" in periods]
    columns = ["rate_id", "province", "level", "pupil_semesters", "hidden", "academic_year"]
    if not whole:
        return pd.DataFrame(columns=columns)
    year = max(whole)
    parts = [_semester(indicator, f"{year}-{half}", release) for half in (1, 2)]
    frame = pd.concat(parts).groupby(["province", "level"], as_index=False)[["pupil_semesters", "hidden"]].sum()
    return frame.assign(rate_id=rate_id, academic_year=year)[columns]


def _semester(indicator: str, semester: str, release: str) -> pd.DataFrame:
    where = {"semester": semester}
    try:
        places = query(indicator, by=("province", "level"), where=where, release=release)
        nation = query(indicator, by=("level",), where=where, release=release)
    except UsageError:  # agencies reported totals without levels
        return pd.DataFrame(columns=["province", "level", "pupil_semesters", "hidden"])
    shown = places["state"].isin(cells.TOLD)
    out = places.assign(pupil_semesters=places["value"].where(shown, 0.0), hidden=(places["state"] == "suppressed").astype(int))
    rest = nation[nation["state"].isin(cells.TOLD)].set_index("level")["value"] - out.groupby("level")["pupil_semesters"].sum()
    shared = pd.DataFrame(
        {"province": SHARED, "level": rest.index, "pupil_semesters": rest.clip(lower=0).to_numpy(), "hidden": 0}
    )
    shared = shared[shared["pupil_semesters"] > 0]
    return pd.concat([out[["province", "level", "pupil_semesters", "hidden"]], shared], ignore_index=True)


def lunch_schools(schools: pd.DataFrame, covers: str) -> pd.DataFrame:
    """The schools whose lunch is costed: those with a size and, unless every school is wanted, none that teach beyond primary."""
    kept = schools[schools["pupils"].notna()]
    return kept if covers == EVERY_SCHOOL else kept[_to_primary(kept)]


def left_out(scenario: Scenario, schools: pd.DataFrame, recipients: pd.DataFrame) -> dict[str, int]:
    """What a cost does not hold: schools_total, without_size, beyond_primary, no_rate (pupil-semesters), hidden (cells)."""
    sized = schools[schools["pupils"].notna()]
    unpaid = 0.0
    for rate_id in GRANTS:
        rates = dict(scenario.bands(rate_id))
        mine = recipients[recipients["rate_id"] == rate_id]
        if rates and rate_cards.ALL not in rates:
            unpaid += mine.loc[~mine["level"].isin(rates), "pupil_semesters"].sum()
    return {
        "schools_total": len(schools),
        "without_size": len(schools) - len(sized),
        "beyond_primary": len(sized) - len(lunch_schools(schools, scenario.covers)),
        "no_rate": int(unpaid),
        "hidden": int(recipients["hidden"].sum()),
    }


# ---- costs --------------------------------------------------------------------------------------------------------------------
COST_COLUMNS = ["programme", "year", "province", "kind", "group", "band", "pupils", "baht"]


def costs(scenario: Scenario, schools: pd.DataFrame, recipients: pd.DataFrame) -> pd.DataFrame:
    """What a scenario costs.

    Args:
        schools, recipients: from `schools_of` and `recipients_of`.

    Returns:
        One row a programme, fiscal year (BE), province, kind of authority, group and band: programme (a rate id), year, province,
        kind ("" for grants, whose cells have none), group (a size such as 1-40, or a level), band (of the rate that is paid),
        pupils (of lunch; pupil-semesters of grants), baht.
    """
    parts = [_lunch(scenario, schools, year) for year in scenario.fiscal_years if scenario.lunch]
    parts += [_grant(scenario, rate_id, recipients, year) for rate_id in GRANTS for year in scenario.fiscal_years]
    found = [p for p in parts if len(p)]
    return pd.concat(found, ignore_index=True)[COST_COLUMNS] if found else pd.DataFrame(columns=COST_COLUMNS)


def _grown(numbers: pd.Series, growth: float, steps: int) -> pd.Series:
    """Whole pupils after so many years of growth, halves up."""
    return (numbers.astype(float) * (1 + growth) ** steps + 0.5).floordiv(1)


def size_group(pupils: pd.Series) -> pd.Series:
    """The size group of each school, by its pupils; a school of none joins the smallest."""
    names = [rate_cards.Step(low, high, 0).band for low, high in SIZE_GROUPS]
    lows = np.array([low for low, _high in SIZE_GROUPS])
    return pd.Series(np.array(names, dtype=object)[np.maximum(np.searchsorted(lows, pupils, side="right") - 1, 0)], pupils.index)


def _paid(ladder: Sequence[rate_cards.Step], pupils: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Band and baht a day that each school is paid by."""
    at = np.maximum(np.searchsorted([s.low for s in ladder], pupils, side="right") - 1, 0)
    bands, rates = np.array([s.band for s in ladder], dtype=object), np.array([s.baht for s in ladder])
    return pd.Series(bands[at], pupils.index), pd.Series(rates[at], pupils.index)


def _lunch(scenario: Scenario, schools: pd.DataFrame, year: int) -> pd.DataFrame:
    kept = lunch_schools(schools, scenario.covers)
    pupils = _grown(kept["pupils"], scenario.growth, year - scenario.start_year)
    band, baht = _paid(rate_cards.steps(dict(scenario.lunch)), pupils)
    rows = kept[["province", "kind"]].assign(
        group=size_group(pupils), band=band, pupils=pupils, baht=pupils * baht * scenario.days * scenario.factor(year)
    )
    summed = rows.groupby(["province", "kind", "group", "band"], as_index=False)[["pupils", "baht"]].sum()
    return summed.assign(programme=LUNCH, year=year)


def _grant(scenario: Scenario, rate_id: str, recipients: pd.DataFrame, year: int) -> pd.DataFrame:
    rates = dict(scenario.bands(rate_id))
    mine = recipients[recipients["rate_id"] == rate_id]
    band = mine["level"].where(mine["level"].isin(rates), rate_cards.ALL if rate_cards.ALL in rates else None)
    paid = mine[band.notna()]
    pupils = _grown(paid["pupil_semesters"], scenario.growth, year - scenario.start_year)
    baht = pupils * band.dropna().map(rates).astype(float) * scenario.factor(year)
    out = paid[["province"]].assign(programme=rate_id, kind="", group=paid["level"], band=band.dropna(), pupils=pupils, baht=baht)
    return out.assign(year=year)


def difference(new: pd.DataFrame, base: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Two costs side by side: `by`, base, scenario, difference (baht) and share (of the base; missing where the base is nought)."""
    keys = list(by)
    sides = [f.groupby(keys)["baht"].sum().rename(n) for f, n in ((base, "base"), (new, "scenario"))]
    out = pd.concat(sides, axis=1).fillna(0.0).rename_axis(keys).reset_index()
    out["difference"] = out["scenario"] - out["base"]
    out["share"] = (out["difference"] / out["base"]).where(out["base"] != 0)
    return out


def winners(scenario: Scenario, base: Scenario, schools: pd.DataFrame, by: Sequence[str] = ("group",)) -> pd.DataFrame:
    """Schools whose lunch money of the first year rises, falls or stays, and their pupils.

    Returns:
        One row a group of `by` (province, kind, group) and side (gain, lose, same): schools, pupils, baht (change a year).
    """
    if not (scenario.lunch and base.lunch):
        return pd.DataFrame(columns=[*by, "side", "schools", "pupils", "baht"])
    kept = lunch_schools(schools, scenario.covers)
    pupils = _grown(kept["pupils"], 0.0, 0)
    amounts = [pupils * _paid(rate_cards.steps(dict(s.lunch)), pupils)[1] * s.days for s in (scenario, base)]
    change = (amounts[0] - amounts[1]).round(6)
    side = pd.Series(np.select([change > 0, change < 0], ["gain", "lose"], "same"), kept.index)
    rows = kept.assign(group=size_group(pupils), side=side, pupils=pupils, baht=change, schools=1)
    return rows.groupby([*by, "side"], as_index=False)[["schools", "pupils", "baht"]].sum()


def grant_winners(scenario: Scenario, base: Scenario, recipients: pd.DataFrame) -> pd.DataFrame:
    """Levels whose grant rises or falls in the first year: programme, level, base, scenario (baht a semester), pupil_semesters.

    A level that a card does not pay has a missing rate, which is not nought.
    """
    rows = []
    for rate_id in GRANTS:
        counted = recipients[recipients["rate_id"] == rate_id].groupby("level")["pupil_semesters"].sum()
        sides = [dict(s.bands(rate_id)) for s in (base, scenario)]
        for level in (x for x in LEVELS if x in counted.index):
            old, new = (side.get(level, side.get(rate_cards.ALL, math.nan)) for side in sides)
            row = {"programme": rate_id, "level": level, "base": old, "scenario": new}
            rows.append({**row, "pupil_semesters": counted[level]})
    return pd.DataFrame(rows, columns=["programme", "level", "base", "scenario", "pupil_semesters"])


def next_fiscal_year(day: dt.date) -> int:
    """The fiscal year (BE) after the one of a day: the one that is being budgeted."""
    return fiscal_year_of(day).year + 1


# ---- saved scenarios ------------------------------------------------------------------------------------------------------------
SHELF = Shelf(SCENARIOS)


def to_json(scenario: Scenario) -> str:
    """A scenario as the text of its file."""
    return json.dumps({"version": VERSION, **asdict(scenario)}, ensure_ascii=False, indent=1)


def from_json(text: str, scenario_id: str = "") -> Scenario:
    """A scenario from the text of its file; raises UsageError when it is damaged or breaks a rule."""
    try:
        content = json.loads(text)
        fields = {k: v for k, v in content.items() if k != "version"}
        for key in ("lunch", "basic", "equity", "base"):
            fields[key] = tuple((str(a), b) for a, b in fields[key])
        return Scenario(**fields)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SHELF.damaged(scenario_id) from error


def save(scenario: Scenario, by: Person = OPERATOR, *, replace_old: bool = False) -> str:
    """Write a scenario to `SAMOEPHAK_HOME/scenarios`, whole or not at all; returns its id.

    Raises:
        UsageError: the name is taken and `replace_old` is false, there are too many, or the disk refused.
        ScopeError: the one that would be written over is of somebody who sees more.
    """
    if SHELF.path(scenario.id).exists():
        if not replace_old:
            raise UsageError(N_("There is a scenario called {name} already"), name=scenario.name)
        SHELF.require(scenario.id, by)
    SHELF.write(scenario.id, to_json(scenario), by)
    return scenario.id


def load(scenario_id: str) -> Scenario:
    """A saved scenario; raises UsageError when there is none or its file is damaged."""
    found = from_json(SHELF.read(scenario_id), scenario_id)
    if found.id != scenario_id:
        raise SHELF.damaged(scenario_id)
    return found


def saved() -> dict[str, Scenario]:
    """Every saved scenario that can be read, id -> scenario, by name."""
    return dict(sorted(SHELF.readable(load).items(), key=lambda item: item[1].name.casefold()))


def delete(scenario_id: str, by: Person) -> Deleted:
    """Put a saved scenario into the bin (`data_access.saved.json_store`); raises UsageError when there is none."""
    return SHELF.delete(scenario_id, load(scenario_id).name, by)
