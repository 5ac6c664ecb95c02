"""What is provisional: a period that has not ended at the as-of date, or of which expected senders are missing; and what has come of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from data_access.analysis import quality
from data_access.contract.periods import last_day
from data_access.programmes.indicators import REGISTRY
from data_access.publishing import drafts
from data_access.questions import cells
from data_access.questions.query import latest_complete, periods_of, provisional_periods, query
from data_access.store import releases
from data_access.store.releases import Release
from tests.data_access import small

NEWEST, BEFORE = "2565-2", "2565-1"
GONE, UNPAID = (small.schools()["school_code"].iloc[i] for i in (0, -1))
PERIODIC = [(i, kind) for i, x in REGISTRY.items() for kind in x.periods if not x.each]


def publish(as_of: dt.date) -> Release:
    """Two semesters of 24 schools; in the second one school sends nothing, and one has rows but has paid nobody yet."""
    grants = small.grants()
    grants = grants[~((grants["school_code"] == GONE) & (grants["semester"] == NEWEST))]
    mine = (grants["school_code"] == UNPAID) & (grants["semester"] == NEWEST)
    grants.loc[mine, ["basic_baht", "equity_baht"]] = 0.0
    grants.loc[mine, "stage"] = "verified"
    grants.loc[mine, "paid_on"] = pd.NaT
    draft = drafts.new_draft(None)
    for name, frame in {"lao": small.laos(), "school": small.schools(), "pupil_grant": grants}.items():
        draft.upsert(name, frame, f"{name}.csv")
    return drafts.publish(draft, as_of=as_of)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("ended")))
        yield publish(last_day(NEWEST))


def came(indicator: str, *by: str, **where: str) -> pd.DataFrame:
    return query(indicator, by=by, where=where)


def test_the_share_that_has_come_is_counted_by_hand(ended: Release) -> None:
    schools = len(small.schools())
    assert came("grant.found", semester=BEFORE)["came"].iloc[0] == 1.0
    assert came("grant.found", semester=NEWEST)["came"].iloc[0] == pytest.approx((schools - 1) / schools)
    by_region = came("grant.found", "region4", semester=NEWEST).set_index("region4")["came"]
    assert by_region.to_dict() == {"northeast": 7 / 8, "north": 1.0, "south": 1.0}


def test_the_state_follows_from_the_share_that_has_come(ended: Release) -> None:
    by_region = came("grant.found", "region4", semester=NEWEST).set_index("region4")["state"]
    assert by_region.to_dict() == {"northeast": cells.PROVISIONAL, "north": cells.VALUE, "south": cells.VALUE}
    whole = came("grant.found", semester=NEWEST).iloc[0]
    assert (whole["state"] == cells.PROVISIONAL) == (whole["came"] < cells.COMPLETE_FROM)


def test_a_school_that_has_paid_nobody_yet_has_not_sent_its_payments(ended: Release) -> None:
    schools = len(small.schools())
    for indicator in ("grant.basic_recipients", "grant.basic_budget", "grant.coverage", "grant.missed"):
        assert came(indicator, semester=NEWEST)["came"].iloc[0] == pytest.approx((schools - 2) / schools), indicator
    assert came("grant.basic_recipients", semester=BEFORE)["came"].iloc[0] == 1.0


def test_a_year_lacks_what_its_semesters_lack(ended: Release) -> None:
    schools = len(small.schools())
    year = came("grant.basic_recipients", academic_year="AY2565").iloc[0]
    assert year["came"] == pytest.approx((2 * schools - 2) / (2 * schools))


def test_the_definition_is_that_of_completeness(ended: Release) -> None:
    data = quality.dataset(ended.id, "pupil_grant")
    assert data is not None
    expected = quality.completeness(ended.id, data).set_index(["province", "period"])["share"].dropna()
    found = query("grant.found", by=("province", "semester")).set_index(["province", "semester"])["came"].dropna()
    pd.testing.assert_series_equal(found.sort_index(), expected.reindex(found.index).sort_index(), check_names=False)


def test_a_period_that_has_not_ended_is_provisional_however_many_have_sent(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(tmp_path))
    publish(last_day(NEWEST) - dt.timedelta(days=1))
    frame = query("grant.found", by=("semester",)).set_index("semester")
    assert frame["state"].to_dict() == {BEFORE: cells.VALUE, NEWEST: cells.PROVISIONAL}
    assert provisional_periods("grant.found", "semester") == {NEWEST}
    assert latest_complete(periods_of("grant.found", "semester"), provisional_periods("grant.found", "semester")) == BEFORE


def test_what_opens_first_is_the_latest_complete_period_or_the_latest_where_none_is() -> None:
    assert latest_complete(["2565-1", "2565-2"], {"2565-2"}) == "2565-1"
    assert latest_complete(["2565-1", "2565-2"], {"2565-1", "2565-2"}) == "2565-2"
    assert latest_complete([], {"2565-2"}) is None


@pytest.mark.usefixtures("on_demo")
@pytest.mark.parametrize(("indicator", "kind"), PERIODIC)
def test_every_indicator_by_province_and_period_keeps_the_rule(indicator: str, kind: str) -> None:
    as_of = dt.date.fromisoformat(releases.require_release().as_of)
    by = (kind, "province") if "province" in REGISTRY[indicator].places else (kind,)
    if REGISTRY[indicator].family == "chain":
        by = (kind, "cohort") if "cohort" in REGISTRY[indicator].dims else by
    frame = query(indicator, by=by)
    if frame.empty:
        pytest.skip("the demonstration has none of it")
    running = np.array([bool(p) and last_day(p) > as_of for p in frame["period"]])
    early = running | (frame["came"] < cells.COMPLETE_FROM).to_numpy()
    told = frame["state"].isin(cells.TOLD).to_numpy()
    assert ((frame["state"] == cells.PROVISIONAL).to_numpy() == (early & told)).all()
    assert frame["came"].dropna().between(0, 1).all()
    assert frame.loc[~told, "came"].isna().all()
