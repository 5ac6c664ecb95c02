"""Who may see and do what, where it is enforced: questions, tables, search, stories, acts on the data; and the audit log."""

from __future__ import annotations

import itertools
import json
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

import geo
from data_access.contract import schema
from data_access.contract.errors import ReleaseError, UsageError
from data_access.contract.settings import home
from data_access.importing.loading import load
from data_access.programmes.indicators import REGISTRY
from data_access.publishing import drafts
from data_access.questions import detail, reach
from data_access.questions.finding import find
from data_access.questions.query import query
from data_access.questions.recorded import Ask
from data_access.questions.widening import FINE_PLACES
from data_access.saved import people, stories
from data_access.saved.stories import Slide
from data_access.store import releases
from data_access.store.tables import read_table
from data_access.who import audit
from data_access.who.access import EVERYWHERE, NOWHERE, OPERATOR, ROLES, Person, RoleError, Scope, ScopeError
from i18n import gettext
from i18n.extract import used_messages
from tests.data_access import small

OWN, OTHER = "40", "90"
OFFICER = Scope.of([OWN])
FINE = [(i, key) for i, x in REGISTRY.items() for key in FINE_PLACES if key in x.places]


@pytest.fixture(scope="module", autouse=True)
def country(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A small country in a data directory of this module."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SAMOEPHAK_HOME", str(tmp_path_factory.mktemp("access")))
    small.publish({**small.tables(), **pilot_schools()})
    yield
    patch.undo()


def pilot_schools() -> dict[str, pd.DataFrame]:
    """A pilot set of one school in each of two provinces, one of those provinces, and a centre in each."""
    codes = [c for c in small.schools()["school_code"] if c[2:4] in (OWN, OTHER)][::4]
    sets = pd.DataFrame(
        [("some_schools", "โรงเรียน", "Schools", "school"), ("some_provinces", "จังหวัด", "Provinces", "province")],
        columns=["set_id", "name_th", "name_en", "place_level"],
    )
    members = pd.DataFrame({"set_id": ["some_schools"] * len(codes) + ["some_provinces"] * 2, "place_code": [*codes, OWN, OTHER]})
    centres = pd.DataFrame({"centre_code": [code_in("centre", p) for p in (OWN, OTHER)], "province_code": [OWN, OTHER]})
    return {"pilot_set": sets, "pilot_member": members, "centre": centres.assign(name_th="ศูนย์")}


def homes(kind: str, codes: pd.Series) -> set[str]:
    release = releases.require_release()
    return {str(detail.province_of(release.id, kind, c)) for c in codes}


@pytest.mark.parametrize(("indicator", "key"), FINE)
def test_a_breakdown_by_small_places_holds_those_of_the_scope_alone(indicator: str, key: str) -> None:
    whole, own = query(indicator, by=(key,)), query(indicator, by=(key,), scope=OFFICER)
    assert homes(key, own[key]) <= {OWN}
    inside = [c for c in whole[key] if homes(key, pd.Series([c])) == {OWN}]
    columns = [key, "period", "value", "state"]
    expected = whole[whole[key].isin(inside)][columns].sort_values([key, "period"], ignore_index=True)
    pd.testing.assert_frame_equal(own[columns].sort_values([key, "period"], ignore_index=True), expected)
    assert query(indicator, by=(key,), scope=NOWHERE).empty


@pytest.mark.parametrize(("indicator", "key"), FINE)
def test_a_place_or_the_places_of_a_province_outside_the_scope_are_refused(indicator: str, key: str) -> None:
    codes = query(indicator, by=(key,))[key]
    outside = next((c for c in codes if homes(key, pd.Series([c])) == {OTHER}), None)
    for scope in (OFFICER, NOWHERE):
        with pytest.raises(ScopeError):
            query(indicator, by=(key,), where={"province": OTHER}, scope=scope)
        if outside is not None:
            with pytest.raises(ScopeError):
                query(indicator, where={key: outside}, scope=scope)
            with pytest.raises(ScopeError):
                query(indicator, by=(key,), where={key: [c for c in codes if c != ""]}, scope=scope)


def test_figures_of_provinces_regions_and_the_country_are_for_everybody() -> None:
    for by in ((), ("province",), ("region4",), ("sex",)):
        pd.testing.assert_frame_equal(
            query("grant.basic_recipients", by=by), query("grant.basic_recipients", by=by, scope=NOWHERE)
        )


def test_the_part_of_a_set_of_schools_in_one_province_is_detail() -> None:
    where = {"pilot_set": "some_schools"}
    found = query("school.pupils", by=("province",), where=where, scope=OFFICER)
    assert set(found["province"]) == {OWN}
    with pytest.raises(ScopeError):
        query("school.pupils", where={**where, "province": OTHER}, scope=OFFICER)
    assert len(query("school.pupils", where=where, scope=NOWHERE)) == 1


def test_one_scope_never_gets_what_was_remembered_for_another() -> None:
    question = {"indicators": "grant.basic_recipients", "by": ("school",), "where": {"semester": "2565-1"}}
    for scopes in itertools.permutations((EVERYWHERE, OFFICER, Scope.of([OTHER]), NOWHERE)):
        for scope in scopes:
            found = query(**question, scope=scope)
            assert scope.everywhere or homes("school", found["school"]) <= set(scope.provinces or ())


@pytest.mark.parametrize("name", [n for n, t in schema.TABLES.items() if not t.info["person"]])
def test_every_table_of_the_contract_can_be_placed(name: str) -> None:
    assert detail.placed_by(schema.TABLES[name]) is not None


def test_places_are_followed_through_references() -> None:
    def found(name: str) -> list[tuple[str, str | None]]:
        return [(c.name, detail.kind_of(c)) for c in detail.placed_by(schema.TABLES[name]) or ()]

    assert found("school") == [("school_code", "school")]
    assert found("tsqp_school") == [("school_code", "school")]
    assert found("centre_semester") == [("centre_code", "centre")]
    assert found("trial_visit") == [("subdistrict_code", "subdistrict")]
    assert found("pilot_member") == [("place_code", None)]
    assert found("learning_city_score") == [("province_code", "province")]
    assert found("rate") == []


def code_in(kind: str, province: str) -> str:
    """A place of a kind in a province of the small country."""
    own = {"province": province, "district": f"{province}01", "subdistrict": f"{province}0101", "lao": f"9{province}01001"}
    return {**own, "school": f"99{province}010001", "centre": f"D{province}000001", "nation": "TH", "region": "north"}[kind]


def seen(monkeypatch: pytest.MonkeyPatch, table: sa.Table, rows: list[dict[str, Any]], scope: Scope) -> list[int]:
    """Which of these rows of a table are listed to a scope, by their order."""
    frame = pd.DataFrame(rows).reindex(columns=[c.name for c in table.columns]).assign(row=range(len(rows)))
    monkeypatch.setitem(schema.TABLES, table.name, table)
    monkeypatch.setattr(detail, "read_table", lambda release, name: frame if name == table.name else read_table(release, name))
    return detail.table(releases.require_release().id, table.name, scope)["row"].tolist()


@pytest.mark.parametrize("name", [n for n, t in schema.TABLES.items() if detail.placed_by(t) and not t.info["person"]])
def test_rows_of_small_places_are_listed_to_the_scope_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    table = schema.TABLES[name]
    column = detail.placed_by(table)[0]  # type: ignore[index]
    kind = detail.kind_of(column)
    wide = kind in (None, "province")
    codes = [code_in(kind or "province", p) for p in (OWN, OTHER)] + ["nowhere", None]
    sets = {"province": "some_provinces", "school": "some_schools"}
    rows = [{column.name: c, "place_level": "province", "set_id": sets["province"]} for c in codes]
    if column.info["level"] not in (None, "province"):
        rows += [{"place_code": code_in("school", p), "place_level": "school", "set_id": sets["school"]} for p in (OWN, OTHER)]
        rows += [{"place_code": code_in("school", OWN), "place_level": "village", "set_id": "a_set_that_is_not_there"}]
    assert seen(monkeypatch, table, rows, EVERYWHERE) == [*range(len(rows))]
    assert seen(monkeypatch, table, rows, OFFICER) == ([0, 1] if wide else [0]) + ([4] if len(rows) > 4 else [])
    assert seen(monkeypatch, table, rows, NOWHERE) == ([0, 1] if wide else [])


NEW_TABLES = {
    "says what it refers to": ("where", "trial_cluster.subdistrict_code"),
    "names a place and does not say of which table": ("school_code", None),
    "has codes of places of an unsaid kind": ("place_code", None),
    "has nothing that is a place, and nobody said so": ("anything", None),
}


@pytest.mark.parametrize("what", NEW_TABLES)
def test_a_table_that_nobody_listed_is_closed(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    name, ref = NEW_TABLES[what]
    column = schema.col(name, sa.String, "", "", key=True, ref=ref)
    table = sa.Table("hamlet", sa.MetaData(), column, info=dict(schema.trial_visit.info))
    rows = [{column.name: c} for c in (code_in("subdistrict", OWN), code_in("subdistrict", OTHER), code_in("school", OWN), "x")]
    assert seen(monkeypatch, table, rows, EVERYWHERE) == [0, 1, 2, 3]
    assert seen(monkeypatch, table, rows, OFFICER) == ([0] if ref else [])
    assert seen(monkeypatch, table, rows, NOWHERE) == []


@pytest.mark.parametrize("name", [n for n, t in schema.TABLES.items() if not t.info["person"]])
def test_rows_come_without_counts_of_people(name: str) -> None:
    """A page that adds up rows of a table would go around disclosure control; it has none to add up."""
    listed = detail.table(releases.require_release().id, name, EVERYWHERE)
    units = {c.name: schema.contract(c).unit for c in schema.TABLES[name].columns}
    assert not {units[c] for c in listed} & {"pupils", "children", "families", "teachers", "persons", "visits", "records"}
    assert {c for c, unit in units.items() if unit not in detail.HEADS} == set(listed)


@pytest.mark.parametrize("name", [n for n, t in schema.TABLES.items() if t.info["person"]])
def test_rows_of_persons_are_listed_to_nobody(name: str) -> None:
    for scope in (EVERYWHERE, OFFICER):
        with pytest.raises(UsageError):
            detail.table(releases.require_release().id, name, scope)


def test_search_finds_schools_of_the_scope_and_geography_everywhere() -> None:
    assert any(f.kind == "school" and f.province == OTHER for f in find("โรงเรียน 9001-1"))
    assert not any(f.kind in ("school", "lao", "centre") and f.province == OTHER for f in find("โรงเรียน 9001-1", scope=OFFICER))
    assert any(f.kind == "province" for f in find("สงขลา", scope=NOWHERE))


def test_a_story_leaves_out_slides_of_other_places_and_notes_for_viewers() -> None:
    def slide(title: str, *places: str) -> Slide:
        return Slide(title, "", "", (), (), (), "", "th", places, notes="for me alone")

    slides = (slide("nation"), slide("own", OWN), slide("both", OWN, OTHER), slide("all", "*"))
    story = stories.Story("s", slides=slides)

    def seen(role: str, scope: Scope) -> list[str]:
        return [s.title for s in stories.seen_by(story, Person("x", role, scope)).slides]

    assert seen("viewer", NOWHERE) == ["nation"]
    assert seen("viewer", OFFICER) == ["nation", "own"]
    assert seen("viewer", Scope.of([OWN, OTHER])) == ["nation", "own", "both"]
    assert seen("viewer", EVERYWHERE) == ["nation", "own", "both", "all"]
    assert {s.notes for s in stories.seen_by(story, Person("x", "viewer", EVERYWHERE)).slides} == {""}
    assert {s.notes for s in stories.seen_by(story, Person("x", "presenter", EVERYWHERE)).slides} == {"for me alone"}
    assert stories.from_json(stories.to_json(story), story.id).slides[2].detail == (OWN, OTHER)
    older = stories.to_json(story).replace('"detail"', '"left"')
    content = json.loads(older)
    for one in content["slides"]:
        del one["left"]  # a slide from before slides said which places they show
    kept = stories.from_json(json.dumps(content), story.id)
    assert stories.seen_by(kept, Person("x", "viewer", OFFICER)).slides == ()


def late(*provinces: str) -> tuple[tuple[str, ...], tuple[tuple[str | int, ...], ...]]:
    """Columns and rows of "Not yet submitted", in Thai: a school of each province."""
    rows = [(geo.name(p), f"โรงเรียน {p}01-1", code_in("school", p), "2/2567", 1) for p in provinces]
    return tuple(gettext(c) for c in ("Province", "Name", "Code", "Last sent", "Periods missed")), tuple(rows)


def unknown_senders() -> tuple[tuple[str, ...], tuple[tuple[str | int, ...], ...]]:
    """Columns and rows of "Codes that refer to nothing": whose those are is not known."""
    headings = ("Table", "Column", "Refers to", "Unknown codes", "For example")
    return tuple(gettext(c) for c in headings), (("ศูนย์", "centre_code", "ศูนย์", 1, "D99990001"),)


OLD_SLIDES = {
    "late in two provinces": late(OWN, OTHER),
    "late in the own": late(OWN),
    "unknown senders": unknown_senders(),
    "provinces": (("จังหวัด", "หน่วย", "ค่า"), (("ขอนแก่น", "คน", 5),)),
    "a heading that nobody knows": (("ผู้ส่ง", "ค่า"), (("ใครคนหนึ่ง", 5),)),
    "a code where none is expected": (("หมายเหตุ",), (((f"ดู {code_in('school', OTHER)}"),),)),
}


def test_slides_frozen_when_nobody_said_what_they_hold_are_judged_by_their_columns_when_opened() -> None:
    """Of old, what was not said to list small places was shown to everybody, such as who has not sent yet, in all provinces."""
    release = releases.require_release().id
    slides = tuple(Slide(t, "", "", (), columns, rows, "data", "th", ()) for t, (columns, rows) in OLD_SLIDES.items())
    content = json.loads(stories.to_json(stories.Story("s", release, slides=slides)))
    old = stories.from_json(json.dumps({**content, "format": 1}), "0" * 12)

    def seen(scope: Scope) -> set[str]:
        return {s.title for s in stories.seen_by(old, Person("x", "viewer", scope)).slides}

    assert seen(NOWHERE) == {"provinces"}
    assert seen(OFFICER) == {"provinces", "late in the own"}
    assert seen(Scope.of([OWN, OTHER])) == {*seen(OFFICER), "late in two provinces", "a code where none is expected"}
    assert seen(EVERYWHERE) == set(OLD_SLIDES)
    now = stories.from_json(stories.to_json(old), old.id)  # judged once: what a later version calls a column changes nothing
    assert [s.detail for s in now.slides] == [s.detail for s in old.slides]


def test_an_old_slide_whose_release_is_gone_or_whose_rows_were_too_many_is_closed_where_rows_cannot_be_placed() -> None:
    columns, rows = late(OWN)
    placed = stories._judged(Slide("", "", "", (), columns, rows, "data", "th", ()), "r19990101-000000")
    assert placed.detail == (OWN,)  # by the name of the province
    assert stories._judged(Slide("", "", "", (), columns[1:], [r[1:] for r in rows], "data", "th", ()), "gone").detail == ("*",)
    release = releases.require_release().id
    assert "*" in stories._judged(Slide("", "", "", (), columns, rows, "data", "th", (), left_out=1), release).detail


def test_headings_of_exports_are_words_of_the_catalogue() -> None:
    """A heading that was worded anew would close every slide that has it."""
    assert set(f"{reach.FINE}; {reach.WIDE}".split("; ")) - set(used_messages()) - {"Reach Up sub-districts"} == set()


@pytest.mark.parametrize("lang", ["th", "en"])
def test_how_many_schools_gain_by_steps_that_somebody_chose_is_for_those_who_see_the_schools(lang: str) -> None:
    release, columns = releases.require_release().id, [gettext(c, lang) for c in ("Size", "Side", "Schools")]
    rows = [("1–40", "Gain", 1)]
    assert reach.of_table(columns, rows, release, (), f"policy?province={OWN}") == (OWN,)
    assert reach.of_table(columns, rows, release) == ("*",)
    assert reach.of_table([gettext("What", lang), "A scenario"], [("Schools that gain", "1")], release) == ("*",)


@pytest.mark.parametrize(
    ("address", "by", "where", "expected"),
    [
        ("schools", (), {}, ()),
        (f"schools?school={small.schools()['school_code'].iloc[0]}", (), {}, (small.schools()["school_code"].iloc[0][2:4],)),
        ("grants", (), {"district": f"{OTHER}01"}, (OTHER,)),
        ("grants", ("school",), {"province": OWN}, (OWN,)),
        ("grants", ("school",), {}, ("*",)),
        ("grants", ("province",), {"pilot_set": "some_schools"}, ("*",)),
        ("grants", ("province",), {}, ()),
        ("grants?school=nobody", (), {}, ("*",)),
    ],
)
def test_numbers_of_a_small_place_are_placed_by_question_and_address(
    address: str, by: tuple[str, ...], where: dict[str, str], expected: tuple[str, ...]
) -> None:
    asks = [Ask.of("grant.basic_recipients", by, where)]
    columns = tuple(gettext(c) for c in ("Indicator", "Value"))
    assert reach.of_table(columns, [("ผู้รับทุน", 5)], releases.require_release().id, asks, address) == expected


# ---- roles, people, log -----------------------------------------------------------------------------------------------------
def test_roles_are_a_ladder() -> None:
    for (low, one), (high, other) in itertools.product(enumerate(ROLES), repeat=2):
        assert Person("x", one).may(other) is (low >= high)


@pytest.mark.parametrize("role", [r for r in ROLES if not Person("x", r).may("steward")])
def test_acts_on_the_data_need_a_steward(role: str, tmp_path: Path) -> None:
    nobody, before = Person("somebody@example.org", role, EVERYWHERE), releases.current_release()
    draft = drafts.new_draft(None)
    file = tmp_path / "f.csv"
    file.write_text("จังหวัด,จำนวน\nกระบี่,1\n", encoding="utf-8")
    for act in (
        lambda: drafts.publish(draft, by=nobody),
        lambda: releases.rollback(releases.require_release().id, nobody),
        lambda: draft.discard(nobody),
        lambda: load(file, "reported:pao.budget", by=nobody),
        lambda: people.admit("x@example.org", "viewer", None, nobody),
        lambda: people.dismiss("x@example.org", nobody),
    ):
        with pytest.raises(RoleError):
            act()
    assert releases.current_release() == before
    draft.discard()


def test_people_are_found_by_their_address_in_any_case_and_can_be_sent_away(empty_home: Path) -> None:
    people.admit("Somchai@Example.go.th", "manager", ["50"])
    assert people.find("SOMCHAI@example.go.th ") == Person("somchai@example.go.th", "manager", Scope.of(["50"]))
    people.admit("somchai@example.go.th", "viewer", None)
    found = people.find("somchai@example.go.th")
    assert found == Person("somchai@example.go.th", "viewer", EVERYWHERE)
    people.dismiss("somchai@example.go.th")
    assert people.find("somchai@example.go.th") is None
    assert [e.action for e in audit.entries()] == ["person_admitted", "person_admitted", "person_dismissed"]


def test_who_signs_out_is_signed_out_until_that_moment_and_stays_what_they_were(empty_home: Path) -> None:
    officer = people.admit("officer@example.go.th", "manager", ["50"])
    people.sign_out("Officer@example.go.th", officer, 1_760_000_000)
    assert people.find(officer.id) == replace(officer, signed_out=1_760_000_000)
    people.sign_out(officer.id, officer, 1_750_000_000)  # an older window
    assert people.find(officer.id) == replace(officer, signed_out=1_760_000_000)
    people.admit(officer.id, "steward", None)
    assert people.find(officer.id) == Person(officer.id, "steward", EVERYWHERE, signed_out=1_760_000_000)
    before = int(time.time())
    people.sign_out(officer.id)
    found = people.find(officer.id)
    assert found is not None
    assert before <= found.signed_out <= time.time()
    assert [(e.who, e.action) for e in audit.entries()][-1] == ("operator", "person_signed_out")
    with pytest.raises(RoleError):
        people.sign_out(officer.id, Person("another@example.go.th", "steward"))
    with pytest.raises(UsageError):
        people.sign_out("nobody@example.go.th")


def _admit(number: int) -> None:
    people.admit(f"person{number}@example.go.th", "viewer", [])


def test_changes_of_the_list_wait_for_each_other(empty_home: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        list(several.map(_admit, range(24)))
    assert len(people.known()) == 24


@pytest.mark.parametrize(
    ("address", "role", "provinces"),
    [
        ("nobody", "viewer", []),
        ("1101700230708@b.co", "viewer", []),
        ("a@b.c d", "viewer", []),
        ("a@b.co", "king", []),
        ("a@b.co", "viewer", ["99"]),
    ],
)
def test_a_person_without_sense_is_refused(empty_home: Path, address: str, role: str, provinces: list[str]) -> None:
    with pytest.raises(UsageError):
        people.admit(address, role, provinces)
    assert people.known() == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"a@b.co": {"role": "viewer"}}', '{"a@b.co": {"role": "king", "provinces": []}}'])
def test_a_damaged_list_of_people_lets_nobody_in(empty_home: Path, text: str) -> None:
    home().joinpath(people.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        people.find("a@b.co")


def test_every_act_on_the_data_is_in_the_log_with_who_and_what(empty_home: Path) -> None:
    steward = Person("steward@example.org", "steward", EVERYWHERE)
    first = small.publish(small.tables())
    draft = drafts.open_draft()
    second = drafts.publish(draft, by=steward)
    releases.rollback(first.id, steward)
    drafts.open_draft().discard(steward)
    found = [(e.who, e.action, e.release) for e in audit.entries() if e.who == steward.id]
    assert found == [(steward.id, "published", second.id), (steward.id, "rolled_back", first.id), (steward.id, "discarded", "")]
    rolled = audit.entries()[-2]
    assert (rolled.before, rolled.after) == (second.id, first.id)
    assert audit.broken_at() is None


def _record(number: int) -> None:
    audit.record(OPERATOR, "loaded", after=str(number))


def test_entries_of_several_processes_stand_in_one_unbroken_chain(empty_home: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_record, range(20)))
    assert sorted(int(e.after) for e in audit.entries()) == list(range(20))
    assert audit.broken_at() is None


@pytest.mark.parametrize("change", ["edit", "drop", "swap", "insert", "cut"])
def test_a_log_that_was_changed_says_from_where(empty_home: Path, change: str) -> None:
    for number in range(5):
        _record(number)
    path = home() / "audit.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    entry = json.loads(lines[2])
    if change == "edit":
        lines[2] = json.dumps({**entry, "who": "somebody else"})
    elif change == "drop":
        del lines[2]
    elif change == "swap":
        lines[2], lines[3] = lines[3], lines[2]
    elif change == "insert":
        lines.insert(2, lines[2])
    else:
        lines[4] = lines[4][:20]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert audit.broken_at() == {"edit": 3, "drop": 3, "swap": 3, "insert": 4, "cut": 5}[change]
    _record(9)  # the log goes on, and still says that it was changed
    assert audit.broken_at() is not None
    assert audit.entries()[-1].after == "9"


def test_two_stewards_publish_one_after_the_other(empty_home: Path) -> None:
    small.publish(small.tables())
    draft = drafts.open_draft()
    from filelock import FileLock

    with FileLock(home() / "publish.lock"), pytest.raises(ReleaseError, match="Somebody else is loading or publishing"):
        drafts.publish(draft)
    drafts.publish(draft)
    with pytest.raises(ReleaseError, match="no longer there"):
        drafts.publish(draft)
