"""Changes, like with like: against the tables themselves, against what is shown, and at one rule."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.contract.periods import following, year_before
from data_access.programmes.indicators import REGISTRY
from data_access.questions import breaks, changes
from data_access.questions.query import query
from data_access.store.engines import read_frame
from data_access.store.releases import reader, require_release
from data_access.store.tables import read_table
from data_access.summaries import matched_sums
from tests.data_access import small

pytestmark = pytest.mark.any_store
LATEST, COMPLETE = "2568-1", "2567-2"


# ---- the demonstration: recomputed from its tables ------------------------------------------------------------------------
def centres(measure: str, before: str, now: str) -> pd.DataFrame:
    """What each centre sent in two semesters, missing where it sent nothing, by centre; from the tables alone."""
    release = require_release().id
    rows = read_table(release, "centre_semester").pivot(index="centre_code", columns="semester", values=measure).astype(float)
    home = read_table(release, "centre").set_index("centre_code")["province_code"]
    return pd.DataFrame({"before": rows[before], "now": rows[now], "province": home.reindex(rows.index)})


def matched(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["before"].notna() & rows["now"].notna()]


def test_the_country_reaches_more_poor_children_where_centres_sent_both_times(on_demo: Path) -> None:
    """Fewer in all because centres are missing; more in those that sent twice."""
    rows = centres("poor_reached", year_before(LATEST), LATEST)
    both = matched(rows)
    found = changes.change("ecd.poor_reached", {"semester": LATEST})
    assert found["now"] - found["before"] == rows["now"].sum() - rows["before"].sum() < 0
    risen = both["now"].sum() - both["before"].sum()
    assert risen > 0  # 1,397 in the demonstration
    assert (found["senders"], found["senders_before"], found["senders_now"]) == (
        len(both),
        rows["before"].notna().sum(),
        rows["now"].notna().sum(),
    )
    assert (
        found["matched_now"] - found["matched_before"] == risen
    )  # of all of them: also those that are too small to be told alone
    assert found["told"] == found["senders"]
    assert (found["reason"], found["verdict"], bool(found["clear"])) == (changes.PROVISIONAL, "", False)


def test_the_country_is_that_of_all_its_senders_where_that_tells_of_nobody(on_demo: Path) -> None:
    """Every sum that is stored, of centres and of schools, is that of the rows that were sent; over nearly every year of most measures."""
    release = require_release().id
    with reader(release).connect() as connection:
        stored = read_frame(connection, sa.select(sa.text("*")).select_from(sa.table(matched_sums.TABLE)))
    of_centres = stored[stored["family"] == "centres"]
    assert len(of_centres) > 20
    for row in of_centres.to_dict("records"):
        both = matched(centres(row["measure"], row["before_period"], row["period"]))
        assert (row["senders"], row["before"], row["now"]) == (len(both), both["before"].sum(), both["now"].sum()), row
    pupils = read_table(release, "pupil_grant")
    got = pupils.assign(equity=pupils["equity_baht"].fillna(0).astype(float) > 0).pivot_table(
        index="school_code", columns="semester", values="equity", aggfunc="sum"
    )
    of_schools = stored[stored["measure"] == "equity"]
    assert len(of_schools) > 3
    for row in of_schools.to_dict("records"):
        both = got[[row["before_period"], row["period"]]].dropna()
        assert (row["senders"], row["before"], row["now"]) == (len(both), *both.sum()), row


@pytest.mark.parametrize("measure", ["poor_reached", "children", "teachers"])
@pytest.mark.parametrize("now", [LATEST, COMPLETE, "2566-1"])
def test_every_province_is_that_of_its_own_centres(on_demo: Path, measure: str, now: str) -> None:
    """Where all that sent both times are told, the sums are those of the tables to the child."""
    own = matched(centres(measure, year_before(now), now)).groupby("province")[["before", "now"]].agg(["sum", "count"])
    found = changes.changes(f"ecd.{measure}", ("province",), {"semester": now}).set_index("province")
    found = found[found["senders"] > 0]
    assert set(found.index) <= set(own.index)
    assert (found["senders"] == own["now"]["count"].reindex(found.index)).all()
    whole = found[(found["told"] == found["senders"]) & found["reason"].isin(("", changes.PROVISIONAL))]
    assert len(whole) > (20 if measure == "children" else 5)
    assert (whole["matched_now"] == own["now"]["sum"].reindex(whole.index)).all()
    assert (whole["matched_before"] == own["before"]["sum"].reindex(whole.index)).all()


def test_samut_songkhram_lost_centres_and_no_children(on_demo: Path) -> None:
    """A fall of 47 % in all, a rise of 2 % in the four centres that sent both times."""
    rows = centres("children", year_before(LATEST), LATEST)
    rows = rows[rows["province"] == "75"]
    both = matched(rows)
    found = changes.change("ecd.children", {"semester": LATEST, "province": "75"})
    assert found["now"] / found["before"] == rows["now"].sum() / rows["before"].sum() < 0.6
    assert found["matched_now"] / found["matched_before"] == both["now"].sum() / both["before"].sum() > 1
    assert found["told"] == found["senders"] == len(both)


def test_provinces_do_not_regress_because_centres_are_missing(on_demo: Path) -> None:
    rows = centres("poor_reached", year_before(LATEST), LATEST)
    plain = rows.groupby("province")[["before", "now"]].sum()
    alike = matched(rows).groupby("province")[["before", "now"]].sum()
    fell = plain.index[plain["now"] < plain["before"]]
    truly = [p for p in fell if alike.loc[p, "now"] < alike.loc[p, "before"]]
    assert len(fell) > 10 * len(truly)  # 51 and 4
    found = changes.changes("ecd.poor_reached", ("province",), {"semester": LATEST}).set_index("province")
    made = (found["matched_now"] - found["matched_before"]).reindex(fell)
    assert (made.dropna() < 0).sum() <= len(fell) / 5
    assert (found["verdict"] == "").all()


def test_counts_of_schools_are_those_of_the_pupils_in_them(on_demo: Path) -> None:
    """Recipients in the schools that have rows in both semesters, all schools that can be told; distinct pupils of a semester."""
    pupils = read_table(require_release().id, "pupil_grant")
    two = pupils[pupils["semester"].isin((COMPLETE, year_before(COMPLETE)))]
    got = (
        two.assign(got=two["basic_baht"].fillna(0).astype(float) > 0).groupby(["school_code", "semester"])["got"].sum().unstack()
    )
    both = got.dropna()
    found = changes.change("grant.basic_recipients", {"semester": COMPLETE})
    assert found["senders"] == len(both)
    assert found["told"] / found["senders"] > 0.95
    assert found["matched_now"] == pytest.approx(both[COMPLETE].sum(), rel=0.02)
    assert found["change"] == pytest.approx((both[COMPLETE] - both[year_before(COMPLETE)]).sum(), abs=200)
    d = both[COMPLETE] - both[year_before(COMPLETE)]
    assert found["margin"] == pytest.approx(1.96 * np.sqrt(len(d)) * d.std(), rel=0.6)  # clusters are schools or lumps of them
    assert found["margin"] > 1.96 * np.sqrt(len(d)) * d.std() * 0.8


# ---- a rule that changed --------------------------------------------------------------------------------------------------
def test_attendance_is_compared_at_one_rule(on_demo: Path) -> None:
    """The threshold rose from 80 to 85 %: by the rule of the year before, as many meet it as then."""
    rows = read_table(require_release().id, "pupil_grant")
    rows = rows[(rows["semester"] == LATEST) & rows["condition_met"].notna() & (rows["equity_baht"] > 0)]
    steps = read_table(require_release().id, "parameter").sort_values("effective_from")["value"]
    old = float((rows["attendance"].astype(float) >= steps.iloc[0]).mean())
    new = float((rows["attendance"].astype(float) >= steps.iloc[-1]).mean())
    assert old - new > 0.04
    found = changes.change("grant.condition_rate", {"semester": LATEST})
    assert found["at_old_rule"]
    assert found["now"] == pytest.approx(new, abs=1e-9)
    assert found["matched_now"] == pytest.approx(old, abs=0.005)  # of the senders whose numbers are told
    assert abs(found["matched_now"] - found["before"]) < 0.02
    other = changes.change("grant.condition_rate", {"semester": LATEST}, before="2565-1")
    assert (other["at_old_rule"], other["reason"]) == (False, changes.RULE)  # only the rule of the year before is worked out


def test_a_pilot_set_is_compared_by_the_rule_of_the_year_before(on_demo: Path) -> None:
    """Its sums are those of no place, whose design effects are worked out of the parts of the rate."""
    found = changes.change("grant.condition_rate", {"semester": LATEST, "pilot_set": "tsqp_schools"})
    assert found["at_old_rule"]


def test_money_is_not_compared_across_a_change_of_its_rate(on_demo: Path) -> None:
    assert changes.change("grant.equity_per_head", {"semester": "2565-1"})["reason"] == changes.RULE
    assert changes.change("grant.equity_budget", {"academic_year": "AY2565"})["reason"] == changes.RULE
    assert changes.change("grant.equity_per_head", {"academic_year": "AY2567"})["reason"] == ""
    assert changes.rule_changes("grant.basic_budget") == ()  # a source that conflicts changes nothing


def test_breaks_lie_in_the_first_period_under_the_new_rule(on_demo: Path) -> None:
    (found,) = changes.rule_changes("grant.condition_rate")
    rows = read_table(require_release().id, "parameter").sort_values("effective_from")
    assert (found.before, found.after) == tuple(rows["value"].astype(float))
    assert found.day == pd.Timestamp(rows["effective_from"].iloc[-1]).date()
    assert breaks.first_period(found, ["2567-1", "2567-2", "2568-1"]) == "2568-1"
    assert breaks.first_period(found, ["AY2566", "AY2567", "AY2568"]) == "AY2568"
    assert breaks.events((found,), ["2568-1", "2568-2"]) == []  # no older period is shown


@given(st.dates(dt.date(2019, 1, 1), dt.date(2030, 1, 1)), st.integers(2562, 2572), st.sampled_from(["-1", "-2"]))
def test_a_break_separates_exactly_the_periods_before_it_from_those_under_it(day: dt.date, year: int, half: str) -> None:
    rule, now = (breaks.Break("r", day),), f"{year}{half}"
    apart = breaks.between(rule, year_before(now), now)
    walk, at = [], year_before(now)
    while at != now:
        at = following(at)
        walk.append(at)
    assert bool(apart) == (breaks.first_period(rule[0], [year_before(now), *walk]) in walk)


def test_a_cut_off_that_moves_breaks_the_errors_of_screening(empty_home: Path) -> None:
    rows = [("30", p, b, "poor", 40, c) for p, c in (("2566-1", 50), ("2567-1", 60)) for b in (40, 70)]
    columns = ["province_code", "semester", "score_low", "truth", "pupils", "cutoff"]
    small.publish({"screening_score": pd.DataFrame(rows, columns=columns)})
    (found,) = changes.rule_changes("screening.undercoverage")
    assert (found.before, found.after) == (50, 60)
    assert changes.change("screening.undercoverage", {"semester": "2567-1"})["reason"] == changes.RULE
    assert changes.rule_changes("screening.assessed") == ()


# ---- no comparison, and why -------------------------------------------------------------------------------------------------
def test_every_reason_is_told(on_demo: Path) -> None:
    def why(indicator: str, **where: str) -> str:
        return str(changes.change(indicator, where)["reason"])

    assert why("tsqp.schools") == changes.NO_PERIOD
    assert why("reachup.attrition") == changes.FOLLOWED
    assert why("grant.basic_recipients", semester=LATEST) == changes.PROVISIONAL
    assert why("grant.basic_recipients", semester="2566-2", province="86") == changes.NOT_COLLECTED
    assert why("ecd.centres", semester=COMPLETE) == changes.SENDERS
    assert why("ecd.participation", academic_year="AY2567") in (changes.INCOMPLETE, changes.PROVISIONAL)


def test_what_cannot_be_a_pair_is_refused(on_demo: Path) -> None:
    with pytest.raises(UsageError):
        changes.changes("ecd.children", ("semester",))
    for before in (COMPLETE, LATEST, "AY2566"):
        with pytest.raises(UsageError):
            changes.change("ecd.children", {"semester": COMPLETE}, before=before)


ALL = [i for i, x in REGISTRY.items() if x.periods]


@pytest.mark.parametrize("indicator_id", ALL)
def test_every_indicator_answers_for_country_and_provinces(on_demo: Path, indicator_id: str) -> None:
    """Over the registry: nothing clear without a margin, no change without a reason or a value, no verdict on what has no direction."""
    indicator = REGISTRY[indicator_id]
    release = require_release()
    each = {"link": "population-school", "cohort": "found-2562"}
    where = {indicator.each: each.get(indicator.each, "")} if indicator.each else {}
    if indicator.each:
        known = query(indicator_id, by=(indicator.each,), release=release.id)[indicator.each]
        where = {indicator.each: known.iloc[0]}
    for by in [(), *([("province",)] if "province" in indicator.places else [])]:
        for period in [None, *(["2567-2"] if "semester" in indicator.periods else [])]:
            found = changes.changes(indicator_id, by, {**where, **({"semester": period} if period else {})})
            assert set(found["reason"]) <= {"", *changes.REASONS}
            made = found["reason"] == ""
            assert found.loc[made, "change"].notna().all()
            assert found.loc[~made, ["change", "margin"]].isna().all(axis=None)
            assert (found.loc[found["clear"], "change"].abs() > found.loc[found["clear"], "margin"]).all()
            assert not found.loc[~made, "clear"].any()
            assert indicator.direction != "neither" or (found["verdict"] == "").all()
            assert (found["told"] <= found["senders"]).all()
            assert (found["senders"] <= found[["senders_before", "senders_now"]].min(axis=1)).all()


# ---- it tells no more than what is shown ---------------------------------------------------------------------------------
def test_a_change_reads_only_what_is_protected(on_demo: Path) -> None:
    """Whatever it answers is worked out from protected cells: no table with rows of persons or of places below is read."""
    asked = ("ecd.poor_reached", "grant.coverage", "grant.condition_rate", "school.mean_score", "outside.stock")
    for indicator in asked:  # who is expected to send is counted once, from rows
        query(indicator)
    engine, said = reader(require_release().id), []
    changes._tree.cache_clear()
    changes._rows_of_periods.cache_clear()

    def heard(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", heard)
    try:
        for indicator in asked:
            changes.changes(indicator, ("province",))
            changes.changes(indicator, ())
    finally:
        sa.event.remove(engine, "before_cursor_execute", heard)
    text = " ".join(said)
    assert "summary_centres" in text
    assert "summary_grants" in text
    allowed = {"province", "parameter", "rate", "pilot_set", "pilot_member"}
    for name in set(schema.TABLES) - allowed:
        assert f"FROM {name} " not in f"{text} ".replace("\n", " "), name


@pytest.mark.parametrize("seed", range(2))
def test_nothing_hidden_is_pinned_by_matched_numbers(empty_home: Path, seed: int) -> None:
    """Every matched number is a sum of shown ones: of the unknown pupils of hidden schools it fixes nothing that was free.

    The reader's equations are the shown recipients of every place; a matched number adds none, so its vector lies in their row space.
    """
    rows = small.grants(seed, semesters=("2564-1", "2565-1"))
    silent = small.schools()["school_code"].iloc[[1, 6, 13]]
    rows = rows[~((rows["semester"] == "2564-1") & rows["school_code"].isin(silent))]
    release = small.publish({"lao": small.laos(), "school": small.schools(), "pupil_grant": rows})
    places = small.schools()[["school_code", "lao_code"]].assign(
        district=lambda d: d["lao_code"].str[1:5], province=lambda d: d["lao_code"].str[1:3]
    )
    places = places.rename(columns={"school_code": "school", "lao_code": "lao"})
    got = rows[rows["basic_baht"] > 0].groupby(["school_code", "semester"]).size()
    sent = rows.groupby(["school_code", "semester"]).size()
    for period in ("2564-1", "2565-1"):
        equations = [np.ones(len(places))]
        for kind in ("province", "district", "lao", "school"):
            cells = query("grant.basic_recipients", by=(kind,), where={"semester": period}, release=release.id)
            cells = cells[cells["state"].isin(("value", "zero")) & (cells["flag"] == "")]
            equations += [(places[kind] == code).to_numpy(float) for code in cells[kind]]
        rank = np.linalg.matrix_rank(np.array(equations))
        both = np.array([all((s, p) in sent.index for p in ("2564-1", "2565-1")) for s in places["school"]])
        column = "matched_now" if period == "2565-1" else "matched_before"
        true = np.array([got.get((s, period), 0) for s in places["school"]], float)
        for kind in ("province", "district", "lao"):
            found = changes.changes("grant.basic_recipients", (kind,), {"semester": "2565-1"}, release=release.id)
            whole = found[(found["told"] == found["senders"]) & found[column].notna()]
            for row in whole.to_dict("records"):
                inside = both & (places[kind] == row[kind]).to_numpy()
                assert row[column] == true[inside].sum()
                assert np.linalg.matrix_rank(np.array([*equations, inside.astype(float)])) == rank
