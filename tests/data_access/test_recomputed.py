"""Numbers worked out a second time, from the rows of the tables alone: what `query` answers and what pages print is the same.

Nothing here uses the summaries, the registry or the query: each line below is the definition of an indicator in plain pandas. Places
are joined as the law has it: a school belongs to its local authority, that to the district of its office, that to a province.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access.programmes.indicators import REGISTRY
from data_access.questions.query import query
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from tests import opened
from tests.reading import tiles

pytestmark = pytest.mark.usefixtures("demo_home")

Number = Callable[[pd.DataFrame], float]
SEMESTERS, YEARS = ("2563-2", "2565-1", "2567-1"), ("AY2563", "AY2565", "AY2566")
PLACES: tuple[dict[str, str], ...] = ({}, {"province": "40"}, {"region4": "northeast"})
FINER: dict[str, tuple[dict[str, str], ...]] = {
    "grants": ({"district": "4001"}, {"region4": "south"}),
    "centres": ({"district": "4001"},),
    "visits": ({"province": "16"}, {"province": "26"}),
}
POOR = ("poor", "extra_poor")
STAGES = ("found", "screened", "certified", "verified", "allotted", "paid")


def at_least(stage: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda d: d["stage"].isin(STAGES[STAGES.index(stage) :])


def count(mask: Callable[[pd.DataFrame], pd.Series]) -> Number:
    return lambda d: float(mask(d).sum())


def share(part: Callable[[pd.DataFrame], pd.Series], whole: Callable[[pd.DataFrame], pd.Series]) -> Number:
    return lambda d: float((part(d) & whole(d)).sum() / whole(d).sum())


def days(start: str, end: str) -> Number:
    return lambda d: float((pd.to_datetime(d[end]) - pd.to_datetime(d[start])).dt.days.mean())


def basic(d: pd.DataFrame) -> pd.Series:
    return d["basic_baht"] > 0


def equity(d: pd.DataFrame) -> pd.Series:
    return d["equity_baht"] > 0


def eligible(d: pd.DataFrame) -> pd.Series:
    return at_least("screened")(d) & d["tier"].isin(POOR)


def extra(d: pd.DataFrame) -> pd.Series:
    return at_least("screened")(d) & (d["tier"] == "extra_poor")


def conditional(d: pd.DataFrame) -> pd.Series:
    return equity(d) & d["condition_met"].notna()


def met(d: pd.DataFrame) -> pd.Series:
    return equity(d) & d["condition_met"].fillna(False).astype(bool)


def followed(d: pd.DataFrame) -> pd.Series:
    return d["next_status"].isin(("stayed", "moved_up", "moved", "dropped_out"))


def is_in(column: str, *codes: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda d: d[column].isin(codes)


referred = is_in("referral", "sent", "accepted", "closed")
GRANTS: dict[str, Number] = {
    **{f"grant.{stage}": count(at_least(stage)) for stage in STAGES},
    "grant.eligible": count(eligible),
    "grant.basic_recipients": count(basic),
    "grant.equity_recipients": count(equity),
    "grant.basic_budget": lambda d: float(d["basic_baht"].sum()),
    "grant.equity_budget": lambda d: float(d["equity_baht"].sum()),
    "grant.basic_per_head": lambda d: float(d.loc[basic(d), "basic_baht"].mean()),
    "grant.coverage": share(basic, eligible),
    "grant.equity_coverage": share(equity, extra),
    "grant.missed": lambda d: float((eligible(d) & ~basic(d)).sum()),
    "grant.equity_share": share(equity, basic),
    "grant.condition_met": count(met),
    "grant.condition_rate": share(met, conditional),
    "grant.attendance_mean": lambda d: float(d["attendance"].mean()),
    "grant.still_in_school": count(is_in("next_status", "stayed", "moved_up", "moved")),
    "grant.retention": share(is_in("next_status", "stayed", "moved_up", "moved"), followed),
    "grant.dropout": share(is_in("next_status", "dropped_out"), followed),
    "grant.same_school": share(is_in("next_status", "stayed", "moved_up"), followed),
    "grant.paid_share": share(at_least("paid"), at_least("allotted")),
    "grant.referred": count(referred),
    "grant.referrals_accepted": share(is_in("referral", "accepted", "closed"), referred),
    "grant.referrals_closed": share(is_in("referral", "closed"), referred),
    "grant.days_to_pay": days("found_on", "paid_on"),
    "grant.referral_days": days("referred_on", "referral_closed_on"),
    **{f"grant.days_to_{b}": days(f"{a}_on", f"{b}_on") for a, b in pairwise(STAGES)},
}
CENTRES: dict[str, Number] = {
    "ecd.centres": lambda d: float(d["centre_code"].nunique()),
    "ecd.children": lambda d: float(d["children"].sum()),
    "ecd.poor_reached": lambda d: float(d["poor_reached"].sum()),
    "ecd.teachers": lambda d: float(d["teachers"].sum()),
    "ecd.children_per_teacher": lambda d: float(d["children"].sum() / d["teachers"].sum()),
    "ecd.poor_share": lambda d: float(d["poor_reached"].sum() / d["children"].sum()),
    "ecd.quality_share": share(is_in("quality", "good", "excellent"), is_in("quality", "below", "basic", "good", "excellent")),
    "ecd.quality_below": count(is_in("quality", "below")),
    "ecd.quality_excellent": count(is_in("quality", "excellent")),
}
VISITS: dict[str, Number] = {
    "reachup.visits_planned": lambda d: float(d["families"].sum()),
    "reachup.visits_done": lambda d: float(d["done"].sum()),
    "reachup.visit_rate": lambda d: float(d["done"].sum() / d["families"].sum()),
    "reachup.active": lambda d: float(d.sort_values("starts_on").groupby("subdistrict_code")["families_active"].last().sum()),
}
SCREENING: dict[str, Number] = {
    "screening.assessed": lambda d: float(d["pupils"].sum()),
    "screening.undercoverage": lambda d: float(
        d.loc[(d["truth"] == "poor") & (d["score_low"] < d["cutoff"]), "pupils"].sum()
        / d.loc[d["truth"] == "poor", "pupils"].sum()
    ),
    "screening.leakage": lambda d: float(
        d.loc[(d["truth"] == "not_poor") & (d["score_low"] >= d["cutoff"]), "pupils"].sum()
        / d.loc[(d["truth"] != "unknown") & (d["score_low"] >= d["cutoff"]), "pupils"].sum()
    ),
}
OUTSIDE: dict[str, Number] = {
    f"outside.{what}": (lambda d, w=what: float(d.loc[d["population"] == "child_youth", w].sum()))
    for what in ("stock", "new", "found", "helped", "back", "trained", "in_work", "lost_again")
} | {"informal.trained": lambda d: float(d.loc[d["population"] == "informal_worker", "trained"].sum())}
RESULTS: dict[str, Number] = {
    "school.tested": lambda d: float(d["n"].sum()),
    "school.mean_score": lambda d: float(np.average(d["mean"], weights=d["n"])),
}
CITIES: dict[str, Number] = {
    "city.availability": lambda d: len(d) / (12 * d["province_code"].nunique()),
    "city.progress": lambda d: float(d["level"].mean()),
    "city.reached": lambda d: float((d["level"] == 4).mean()),
}
LINKS: dict[str, Number] = {
    "link.records": lambda d: float(d["records"].sum()),
    "link.matched": lambda d: float(d.loc[d["outcome"] == "matched", "records"].sum()),
    "link.match_rate": lambda d: float(d.loc[d["outcome"] == "matched", "records"].sum() / d["records"].sum()),
}


@pytest.fixture(scope="module")
def tables(demo_home: None) -> dict[str, pd.DataFrame]:
    """The rows of the release, each with the district, province and regions that it lies in, and its period."""

    def rows(name: str) -> pd.DataFrame:
        return read_table(require_release().id, name)

    districts = rows("district")[["district_code", "province_code"]].merge(rows("province"), on="province_code")
    districts = districts[["district_code", "province_code", "region4"]]
    provinces = rows("province")[["province_code", "region4"]]
    schools = rows("school")[["school_code", "lao_code"]].merge(rows("lao")[["lao_code", "district_code"]], on="lao_code")
    schools = schools.merge(districts, on="district_code")
    centres = rows("centre")[["centre_code", "district_code", "province_code"]].merge(provinces, on="province_code")
    trial = rows("subdistrict")[["subdistrict_code", "district_code"]].merge(districts, on="district_code")
    families = rows("trial_family").groupby("subdistrict_code").size()
    results = rows("school_result").merge(schools, on="school_code")
    in_years = {"school_result": results, **{n: rows(n).merge(provinces) for n in ("register_link", "learning_city_score")}}
    return {
        "grants": rows("pupil_grant").merge(schools, on="school_code").assign(period=lambda d: d["semester"]),
        "centres": rows("centre_semester").merge(centres, on="centre_code").assign(period=lambda d: d["semester"]),
        "visits": rows("trial_visit")
        .merge(trial, on="subdistrict_code")
        .assign(period=lambda d: d["semester"], families=lambda d: d["subdistrict_code"].map(families) * (d["planned"] > 0)),
        "screening": rows("screening_score").merge(provinces).assign(period=lambda d: d["semester"]),
        "outside": rows("out_of_school_count").merge(provinces).assign(period=lambda d: d["semester"]),
        **{name: frame.assign(period="AY" + frame["academic_year"].astype(str)) for name, frame in in_years.items()},
    }


def inside(frame: pd.DataFrame, where: dict[str, str]) -> pd.DataFrame:
    for key, code in where.items():
        frame = frame[frame[key if key == "region4" else f"{key}_code"] == code]
    return frame


def compare(found: pd.DataFrame, work: Number, rows: pd.DataFrame, asked: dict[str, str], printed: float = 1e-9) -> bool:
    """Whether the number is shown; then it has to be the one worked out. A number of the whole country is shown."""
    (cell,) = found.to_dict("records")
    if cell["state"] not in ("value", "zero", "provisional"):
        assert cell["state"] == "suppressed" or np.isnan(work(rows)), (asked, cell)  # hidden, or of nobody
        assert not asked.keys().isdisjoint(("province", "district", "region4")), asked
        return False
    assert cell["value"] == pytest.approx(work(rows), rel=1e-9, abs=printed), (asked, cell)
    return True


FAMILIES: dict[str, tuple[dict[str, Number], str, tuple[str, ...]]] = {
    "grants": (GRANTS, "semester", SEMESTERS),
    "centres": (CENTRES, "semester", ("2563-2", "2565-1", "2566-2")),
    "visits": (VISITS, "semester", ("2565-2", "2566-1", "2566-2")),
    "screening": (SCREENING, "semester", ("2567-1", "2567-2", "2568-1")),
    "outside": (OUTSIDE, "semester", ("2566-2", "2567-1", "2567-2")),
    "school_result": (RESULTS, "academic_year", ("AY2564", "AY2565", "AY2566")),
    "learning_city_score": (CITIES, "academic_year", ("AY2566", "AY2567", "AY2568")),
}
CASES = [(family, indicator) for family, (numbers, _key, _periods) in FAMILIES.items() for indicator in numbers]


def test_there_are_thirty_and_more_of_every_family() -> None:
    assert len(CASES) + len(LINKS) >= 60


@pytest.mark.parametrize(("family", "indicator"), CASES)
def test_a_number_is_what_the_rows_give(tables: dict[str, pd.DataFrame], family: str, indicator: str) -> None:
    numbers, key, periods = FAMILIES[family]
    rows, shown = tables[family], 0
    places = (*PLACES, *FINER.get(family, ()))
    only = {"learning_city_score": ({}, {"province": rows["province_code"].mode()[0]}, {"region4": "northeast"})}
    for period in periods:
        for place in only.get(family, places):
            asked = {**place, key: period}
            part = inside(rows[rows["period"] == period], place)
            if family == "school_result":
                part = part.dropna(subset=["mean"]).query("n > 0")
            step = indicator.startswith(("grant.days_to_", "grant.referral_days")) and indicator != "grant.days_to_pay"
            shown += compare(query(indicator, where=asked), numbers[indicator], part, asked, 0.051 if step else 1e-9)
    assert shown >= 5  # the country in every period, and other places; days of a step are published with one digit


@pytest.mark.parametrize("indicator", LINKS)
@pytest.mark.parametrize("link", ["pupils_grants", "civil_pupils", "civil_centres"])
def test_a_link_is_what_the_rows_give(tables: dict[str, pd.DataFrame], indicator: str, link: str) -> None:
    rows = tables["register_link"].query("link == @link")
    shown = 0
    for period in sorted(rows["period"].unique())[-3:]:
        for place in PLACES:
            asked = {**place, "academic_year": period, "link": link}
            shown += compare(
                query(indicator, where=asked), LINKS[indicator], inside(rows[rows["period"] == period], place), asked
            )
    assert shown >= 5


@pytest.mark.parametrize("paid", ["basic", "equity"])
def test_pupils_of_a_year_are_counted_once(tables: dict[str, pd.DataFrame], paid: str) -> None:
    """Each where the pupil was in the last semester of the year."""
    rows = tables["grants"].sort_values("semester")
    for period in YEARS:
        year = rows[rows["semester"].str[:4] == period[2:]]
        last = year.groupby("pupil_key")[["province_code", "region4"]].last()
        got = year.groupby("pupil_key")[f"{paid}_baht"].max() > 0
        for place in PLACES:
            part = inside(last, place)
            asked = {**place, "academic_year": period}
            found = query(f"grant.{paid}_recipients", where=asked)
            compare(found, lambda d: float(got[d.index].sum()), part, asked)  # noqa: B023


def test_children_in_centres_are_compared_with_those_who_live_in_the_same_provinces(tables: dict[str, pd.DataFrame]) -> None:
    reported = read_table(require_release().id, "reported_value").query("indicator == 'population.children_2_4'")
    provinces = read_table(require_release().id, "province").set_index("province_code")["region4"]
    for period in ("AY2563", "AY2565", "AY2566"):
        centres = tables["centres"].query(f"semester == '{period[2:]}-1'")
        residents = reported[(reported["period"] == period) & (reported["place_level"] == "province")].set_index("place_code")
        with_centres = residents["value"][residents.index.isin(centres["province_code"])]
        for place in PLACES:
            kept = with_centres
            if place:
                kept = kept[[c == place.get("province") or provinces[c] == place.get("region4") for c in kept.index]]
            children = inside(centres, place)["children"].sum()
            asked = {**place, "academic_year": period}
            assert compare(query("ecd.participation", where=asked), lambda _d: children / kept.sum(), residents, asked)  # noqa: B023
    assert "10" not in with_centres.index  # nor are those of Bangkok, where there is none
    latest = query("ecd.participation").iloc[0]
    assert round(100 * latest["value"], 1) == 15.1


def test_the_condition_of_the_grant_is_met_by_recipients_of_the_grant() -> None:
    for semester in SEMESTERS:
        reached, recipients, subsidised = (
            query(f"grant.{what}", where={"semester": semester})["value"].iloc[0]
            for what in ("condition_met", "equity_recipients", "basic_recipients")
        )
        assert reached <= recipients <= subsidised


@pytest.mark.parametrize("indicator", [i for i, x in REGISTRY.items() if x.kind == "rate" and x.family != "readiness"])
def test_a_share_is_never_more_than_what_it_is_a_share_of(indicator: str) -> None:
    """In every region, province and group: numerator and denominator are of the same people and places."""
    entry = REGISTRY[indicator]
    each = tuple(k for k in (entry.each,) if k)
    keys = [
        k
        for k in ("region4", "province")
        if (k == "province" and k in entry.places) or (k == "region4" and "region" in entry.places)
    ]
    for key in ("", *keys, *(d for d in entry.dims if d not in each)):
        found = query(indicator, (*each, entry.periods[0], *([key] if key else [])))
        shown = found[found["value"].notna()]
        assert (shown["value"] <= 1 + 1e-9).all(), (key, shown[shown["value"] > 1])
        known = shown.dropna(subset=["numerator", "denominator"])
        assert (known["numerator"] <= known["denominator"] + 1e-9).all(), key


# ---- what pages print ----------------------------------------------------------------------------------------------------
ROOT = Path(__file__).parents[2]
PAGES = {"grants": "grants", "early_childhood": "centres", "trial": "visits", "out_of_school": "outside"}


def number_in(text: str) -> tuple[float, float]:
    """A printed number, of percent as a share and of millions in full, and half a unit of its last digit."""
    found = re.search(r"[-−]?[\d,]+(?:\.(\d+))?", text)
    assert found, text
    scale = 0.01 if "%" in text else 1e6 if "million" in text else 1.0
    number = float(found[0].replace(",", "").replace("−", "-"))
    return number * scale, 0.5 * scale * 10.0 ** -len(found[1] or "")


@pytest.mark.parametrize("page", PAGES)
def test_headlines_print_what_the_rows_give(monkeypatch: pytest.MonkeyPatch, tables: dict[str, pd.DataFrame], page: str) -> None:
    """Country, province and region, each in another period."""
    opened.follow(monkeypatch)
    numbers, _key, periods = FAMILIES[PAGES[page]]
    ids = {REGISTRY[i].title_en: i for i in numbers}
    printed = 0
    for period, place in zip(periods, PLACES, strict=True):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
        address = {"region" if k == "region4" else k: c for k, c in place.items()}
        for key, code in {**address, "period": period, "lang": "en"}.items():
            app.query_params[key] = code
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        rows = inside(tables[PAGES[page]].query("period == @period"), place)
        for label, text in tiles(app).items():
            if label in ids and re.search(r"\d", text):
                number, half = number_in(text)
                assert number == pytest.approx(numbers[ids[label]](rows), abs=half * 1.01), (page, period, place, label, text)
                printed += 1
    assert printed >= 6
