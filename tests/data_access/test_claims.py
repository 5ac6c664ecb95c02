"""The claim ledger: every published figure that can be computed is, from the tables, and read as it is worded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import geo
from data_access.analysis.claims import DIFFERS, NOT_COMPUTABLE, REPRODUCED, ledger
from data_access.contract import schema
from data_access.programmes.base import BANGKOK
from data_access.programmes.indicators import REGISTRY
from data_access.questions.query import query
from data_access.store import releases
from data_access.store.tables import read_table
from tests.data_access import small

PUBLISHED = {
    "grant.basic.students": 26_376,
    "grant.basic.budget": 40_000_000,
    "grant.equity.students": 17_965,
    "grant.equity.budget": 28_000_000,
    "tsqp.schools": 35,
    "tsqp.provinces": 19,
    "tsqp.teachers": 818,
    "tsqp.students": 12_967,
    "tsqp.gap": 2,
    "ecd.centres": 3_769,
    "ecd.provinces": 15,
    "ecd.children": 45_028,
    "reachup.families": 1_440,
    "reachup.areas": 6,
    "reachup.provinces": 7,
    "reachup.tambons": 72,
    "city.provinces": 12,
    "policy.frozen": 12,
    "mou.years": 3,
    "mou.horizon": 20,
}
CANNOT = ("tsqp.gap", "mou.horizon")  # school years, for which the tables hold no yardstick; a horizon, which nothing measures


@pytest.fixture(scope="module")
def claims(demo_folder: Path) -> Iterator[pd.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(demo_folder))
        yield ledger().set_index("claim_id")


def test_every_published_figure_is_carried(claims: pd.DataFrame) -> None:
    assert claims["value"].to_dict() == PUBLISHED


@pytest.mark.parametrize("claim", [c for c in PUBLISHED if c not in (*CANNOT, "policy.frozen")])
def test_the_demonstration_reproduces_it_exactly(claims: pd.DataFrame, claim: str) -> None:
    row = claims.loc[claim]
    assert (row["computed"], row["difference"], row["status"]) == (PUBLISHED[claim], 0, REPRODUCED)
    assert row["indicator"] in REGISTRY
    assert row["query"].startswith(f"query {row['indicator']}")


def test_what_moved_is_not_said_to_have_stood_still(claims: pd.DataFrame) -> None:
    assert (claims.loc["policy.frozen", "computed"], claims.loc["policy.frozen", "status"]) == (0, DIFFERS)


@pytest.mark.parametrize("claim", CANNOT)
def test_what_the_tables_cannot_say_is_left_open(claims: pd.DataFrame, claim: str) -> None:
    row = claims.loc[claim]
    assert row["status"] == NOT_COMPUTABLE
    assert row[["computed", "query"]].isna().all()
    assert row["note"]


def test_money_stands_beside_heads(claims: pd.DataFrame) -> None:
    assert claims.loc["grant.basic.budget", "published_per_head"] == pytest.approx(40e6 / 26_376)
    assert claims["published_per_head"].notna().sum() == 2


# ---- the computation reads the tables ----------------------------------------------------------------------------------------
ALTERED = {
    "grant.basic.students": -1,
    "grant.basic.budget": -1_000,
    "grant.equity.students": -1,
    "grant.equity.budget": -800,
    "tsqp.schools": -1,
    "tsqp.teachers": -20,
    "tsqp.students": -200,
    "ecd.centres": -1,
    "ecd.children": -3,
    "reachup.families": -20,
    "reachup.tambons": -1,
    "city.provinces": -1,
    "mou.years": 1,
    "policy.frozen": 14,
}


def altered_tables() -> dict[str, pd.DataFrame]:
    """What the claims ask about in the demonstration tables, with one thing changed for each claim."""
    demo = releases.require_release().id
    unasked = ("school_result", "readiness_result", "reported_value")
    tables = {n: read_table(demo, n) for n in schema.LOADABLE_TABLES if n not in unasked}
    tables["pupil_grant"] = tables["pupil_grant"][lambda rows: rows["semester"].str.startswith("2565")]
    tables["centre_semester"] = tables["centre_semester"][lambda rows: rows["semester"] == "2564-2"]
    grants = tables["pupil_grant"]
    paid = grants[(grants["semester"] == "2565-1") & (grants["basic_baht"] == 1_000) & (grants["equity_baht"] > 0)].index[0]
    grants.loc[paid, ["basic_baht", "equity_baht"]] = float("nan")
    schools = tables["tsqp_school"]
    gone = schools["school_code"].str[2:4].duplicated(keep=False).idxmax()
    ALTERED["tsqp.teachers"], ALTERED["tsqp.students"] = -schools.loc[gone, "teachers"], -schools.loc[gone, "pupils"]
    tables["tsqp_school"] = schools.drop(gone)
    upgraded = tables["centre"]["upgrade_from"].first_valid_index()
    tables["centre"].loc[upgraded, "upgrade_from"] = None
    code = tables["centre"].loc[upgraded, "centre_code"]
    semesters = tables["centre_semester"]
    at = semesters.index[(semesters["centre_code"] == code) & (semesters["semester"] == "2564-2")][0]
    ALTERED["ecd.children"] = -semesters.loc[at, "poor_reached"]
    semesters.loc[at, "poor_reached"] = 0
    families = tables["trial_family"]
    lost = families["subdistrict_code"].iloc[0]
    ALTERED["reachup.families"] = -(families["subdistrict_code"] == lost).sum()
    tables["trial_family"] = families[families["subdistrict_code"] != lost]
    members = tables["pilot_member"]
    tables["pilot_member"] = members.drop(members.index[members["set_id"] == "learning_city_provinces"][0])
    year = tables["target"].iloc[[0]].assign(period="AY2569")
    tables["target"] = pd.concat([tables["target"], year], ignore_index=True)
    rates = tables["rate"][lambda rows: rows["status"].ne("conflicting")].drop_duplicates(["rate_id", "band"])
    frozen = rates["rate_id"].isin(["lunch", "basic_needs"])
    tables["rate"] = rates[frozen].assign(effective_from=pd.Timestamp("2008-05-16"), since_known=True)
    return tables


@pytest.fixture(scope="module")
def altered(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pd.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(demo_folder))
        tables = altered_tables()
        patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("altered")))
        small.publish(tables)
        yield ledger().set_index("claim_id")


@pytest.mark.parametrize("claim", PUBLISHED)
def test_a_changed_row_changes_the_figure_and_no_other(altered: pd.DataFrame, claims: pd.DataFrame, claim: str) -> None:
    if claim in CANNOT:
        assert altered.loc[claim, "status"] == NOT_COMPUTABLE
        return
    row = altered.loc[claim]
    assert row["computed"] - claims.loc[claim, "computed"] == ALTERED.get(claim, 0)
    about = {
        "grant.basic.budget",
        "grant.equity.budget",
        "policy.frozen",
    }  # still about 40 and 28 million; 14 years are more than 12
    assert row["status"] == (DIFFERS if claim in ALTERED and claim not in about else REPRODUCED)


# ---- how a claim is worded ---------------------------------------------------------------------------------------------------
def figure(claim_id: str, comparator: str, value: float, tolerance: float = 0.0, **more: object) -> dict[str, object]:
    row = {"claim_id": claim_id, "comparator": comparator, "value": value, "tolerance": tolerance}
    return {**row, "sentence_th": "ก", "sentence_en": "a", "unit": "baht", "source": "tests", "indicator": "pao.budget", **more}


@pytest.mark.parametrize(
    ("comparator", "value", "tolerance", "status"),
    [
        ("exact", 600.3, 0, REPRODUCED),
        ("exact", 600.4, 0, DIFFERS),
        ("about", 650, 50, REPRODUCED),
        ("about", 651, 50, DIFFERS),
        ("about", 550, 50, DIFFERS),
        ("at_least", 600, 0, REPRODUCED),
        ("at_least", 601, 0, DIFFERS),
        ("more_than", 600, 0, REPRODUCED),
        ("more_than", 600.3, 0, DIFFERS),
    ],
)
def test_words_of_a_claim(worded: pd.DataFrame, comparator: str, value: float, tolerance: float, status: str) -> None:
    """600.3 baht in the tables, a sum of tenths that no binary number hits exactly."""
    assert worded.loc[f"{comparator}-{value}", "status"] == status


@pytest.fixture(scope="module")
def worded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pd.DataFrame]:
    cases = test_words_of_a_claim.pytestmark[0].args[1]
    figures = [figure(f"{c}-{v}", c, v, t) for c, v, t, _ in cases]
    figures += [
        figure("unknown-indicator", "exact", 1, indicator="no.such"),
        figure("bad-filter", "exact", 1, where_json="{province:"),
        figure("unknown-place", "exact", 1, where_json='{"province": "99"}'),
        figure("no-data", "exact", 1, indicator="assist.baht"),
    ]
    everywhere = [c for c in geo.provinces().index if c not in BANGKOK]
    rows = pd.DataFrame({"place_code": everywhere, "value": [100.1] * 3 + [100] * 3 + [0] * (len(everywhere) - 6)})
    rows = rows.assign(indicator="pao.budget", place_level="province", period="FY2565", sex="all", level="all")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("worded")))
        small.publish({"reported_value": rows, "published_figure": pd.DataFrame(figures)})
        yield ledger().set_index("claim_id")


@pytest.mark.parametrize("claim", ["unknown-indicator", "bad-filter", "unknown-place", "no-data"])
def test_a_claim_that_cannot_be_asked_does_not_stop_the_others(worded: pd.DataFrame, claim: str) -> None:
    assert worded.loc[claim, "status"] == NOT_COMPUTABLE
    assert pd.isna(worded.loc[claim, "computed"])


def test_a_sum_that_leaves_hidden_places_out_reproduces_nothing(empty_home: Path) -> None:
    """A partial sum is a number of something else."""
    rows = pd.DataFrame({"place_code": small.PROVINCES, "value": [3.0, 50, 60, 70, 80, 90]})
    rows = rows.assign(indicator="assist.recipients", place_level="province", period="FY2565", sex="all", level="all")
    partly = figure("c", "at_least", 1, indicator="assist.recipients", where_json='{"province": ["30", "90"]}')
    small.publish({"reported_value": rows, "published_figure": pd.DataFrame([partly])})
    assert query("assist.recipients", where={"province": ["30", "90"]}).iloc[0]["flag"] == "partial"
    assert ledger().iloc[0]["status"] == NOT_COMPUTABLE


def test_a_sum_of_places_of_which_some_sent_nothing_reproduces_nothing(empty_home: Path) -> None:
    rows = pd.DataFrame({"place_code": small.PROVINCES, "value": 100.0})
    rows = rows.assign(indicator="pao.budget", place_level="province", period="FY2565", sex="all", level="all")
    small.publish({"reported_value": rows, "published_figure": pd.DataFrame([figure("c", "at_least", 1)])})
    assert query("pao.budget").iloc[0]["flag"] == "incomplete"
    assert ledger().iloc[0]["status"] == NOT_COMPUTABLE
