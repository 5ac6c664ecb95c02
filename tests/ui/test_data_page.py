"""The data page: every tab in both languages, and a file on its whole way from the desk to the readers and back."""

from __future__ import annotations

import ast
import itertools
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import geo
from charts import grids
from charts.style import Style
from charts.theme import state_words
from data_access.analysis import quality
from data_access.contract import schema
from data_access.contract.settings import home
from data_access.importing import mapping as maps
from data_access.importing.declaring import Candidate
from data_access.importing.places import accepted
from data_access.programmes import measures
from data_access.publishing import declarations, drafts
from data_access.questions.query import query
from data_access.saved import people
from data_access.store import releases
from data_access.who import audit
from data_access.who.access import OPERATOR, Person, Scope
from i18n import format_number, gettext
from tests.data_access import small
from tests.reading import chosen, components, everything_sent, notes, segments, tables
from ui.blocks import dialogs
from ui.data_desk import declaring, missing, uploads
from ui.entry import person
from ui.kit import words
from ui.view import address

ROOT = Path(__file__).parents[2]
TABS = ("import", "releases", "quality", "dictionary", "people", "audit")
REFUSED = gettext("Nothing can be loaded while there are errors: mend the file, answer the names or correct the mapping.")
KIND = "reported:school.m6_completers"
NAME = "ม6_2566.csv"
FILE = """จำนวนผู้สำเร็จการศึกษา ม.6 ปีการศึกษา 2566,,,,
ที่,จังหวัด,ชาย,หญิง,รวม
1,เชียงใหม่,120,130,250
2,Loburi,40,50,90
3,ขอนแก่น,200,210,410
รวมทั้งสิ้น,,360,390,760
หมายเหตุ: ตัวเลขสมมติ,,,,
""".encode()
PUPILS = """เลขประจำตัวประชาชน,ชื่อ-สกุล,ภาคเรียน,รหัสโรงเรียน,ระดับ,เพศ,สถานะความยากจน,ขั้นตอน
1000000000009,เด็กชายสมมติ ใจดี,1/2565,9930010001,ป.,ชาย,ยากจน,จ่ายแล้ว
""".encode()


# The page without the frame: AppTest loses what a person typed when the frame sends the run on to the page.
ALONE = """
import streamlit as st
from data_access.who.access import OPERATOR
from ui.blocks import blocks, dialogs
from ui.entry import person
from ui.kit import navigation
from ui.view import address
st.session_state[person.PERSON] = OPERATOR
navigation.link = lambda *_words, **_more: None
address.arrive("data")
blocks.begin()
with dialogs.opened() as opened:
    navigation.page_of("data")()
dialogs.show(opened)
"""


def open_page(**query_params: str) -> AppTest:
    app = AppTest.from_string(ALONE, default_timeout=120)
    for key, value in query_params.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def give(app: AppTest, name: str, content: bytes) -> str:
    """Put a file on the page; returns the prefix of the keys of its first sheet."""
    app.file_uploader[0].set_value([(name, content, "text/csv")]).run()
    assert not app.exception
    return f"data_{uploads.upload(name, content).id}_0"


def said(app: AppTest) -> str:
    """Everything the page says in plain text elements."""
    kinds = (app.markdown, app.caption, app.error, app.warning, app.info, app.success, app.subheader)
    return "\n".join(str(e.value) for kind in kinds for e in kind)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one small release of real data."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(folder))
        small.publish(small.tables(), note="first")
    return folder


@pytest.fixture
def real(published: Path, empty_home: Path) -> releases.Release:
    """That release in a data directory of the test's own."""
    shutil.copytree(published, empty_home, dirs_exist_ok=True)
    return releases.require_release()


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("lang", ["th", "en"])
def test_each_tab_opens_from_the_address(real: releases.Release, tab: str, lang: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["tab"], app.query_params["lang"] = tab, lang
    app.run()
    app.switch_page("pages/data.py").run()
    assert not app.exception
    assert segments(app, "data_tab")["value"] == tab
    assert not app.error


def test_nonsense_in_the_address_opens_the_first_tab(real: releases.Release) -> None:
    assert segments(open_page(tab="nonsense"), "data_tab")["value"] == "import"


@pytest.mark.parametrize(("lang", "words"), [("th", "ไม่มีการลงชื่อเข้าใช้"), ("en", "there is no sign-in")])
def test_the_page_says_who_can_publish(real: releases.Release, lang: str, words: str) -> None:
    assert words in said(open_page(lang=lang))


@pytest.mark.usefixtures("on_demo")
def test_on_demonstration_data_it_says_that_the_draft_starts_empty() -> None:
    assert "demonstration and real data never mix" in said(open_page(lang="en"))


def test_a_file_on_its_way_to_the_readers(real: releases.Release) -> None:
    app = open_page()
    key = give(app, NAME, FILE)
    app.selectbox(key=f"{key}_kind").set_value(KIND).run()
    assert not app.exception
    assert REFUSED in said(app)  # a place name is not certain yet
    assert "Loburi" in said(app)
    step = f"{key}_{KIND}_"
    app.button(key=f"{step}_names_accept").click().run()
    assert "16" in accepted()["province"].values()
    load = f"{step}_load"
    assert app.button(key=load).disabled  # warnings wait for a reason
    for box in [t for t in app.text_input if t.key and t.key.startswith(f"{step}_reason_")]:
        box.set_value("seen with the agency")
    app.run()
    assert not app.button(key=load).disabled
    app.button(key=load).click().run()
    assert not app.exception
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert draft.count("reported_value") == 6
    assert "seen with the agency" in draft.log[-1]["accepted"].values()
    assert releases.current_release() == real  # readers see nothing of it yet
    app.selectbox(key="data_as_of_year").set_value(2568).run()
    app.text_input(key="data_note").set_value("Mathayom 6").run()
    app.button(key="data_publish").click().run()
    assert not app.exception
    now = releases.current_release()
    assert now is not None
    assert (now.note, now.parent, now.demo) == ("Mathayom 6", real.id, False)
    assert now.as_of.startswith("2025-")
    assert query("school.m6_completers", where={"province": "16"}).iloc[0]["value"] == 90
    assert drafts.draft_in_progress() is None
    assert list((home() / "uploads").iterdir()) == []


def test_a_name_can_be_corrected_before_it_is_remembered(real: releases.Release) -> None:
    app = open_page()
    key = give(app, NAME, FILE.replace(b"Loburi", "ละโว้ธานี".encode()))
    app.selectbox(key=f"{key}_kind").set_value(KIND).run()
    box = next(s for s in app.selectbox if s.key and s.key.endswith("_ละโว้ธานี"))
    assert box.value is None  # nothing is like it: nothing is proposed
    box.set_value("16").run()
    app.button(key=f"{key}_{KIND}__names_accept").click().run()
    assert not app.exception
    assert "16" in accepted()["province"].values()
    assert REFUSED not in said(app)
    assert [e.action for e in audit.entries()][-1] == "names_accepted"


def test_a_mapping_is_kept_as_a_profile_and_used_again(real: releases.Release) -> None:
    app = open_page()
    content = FILE.replace(b"Loburi", "ลพบุรี".encode())
    key = give(app, NAME, content)
    app.selectbox(key=f"{key}_kind").set_value(KIND).run()
    app.text_input(key=f"{key}_{KIND}__profile_name").set_value("ม.6").run()
    app.button(key=f"{key}_{KIND}__profile_save").click().run()
    assert "ม.6" not in maps.list_profiles()  # a dot cannot be part of a name, and the page says so
    assert app.error
    app.text_input(key=f"{key}_{KIND}__profile_name").set_value("completers").run()
    app.button(key=f"{key}_{KIND}__profile_save").click().run()
    assert maps.load_profile("completers")["kind"] == KIND
    app.run()
    app.selectbox(key=f"{key}_profile").set_value("completers").run()
    assert not app.exception
    assert f"{key}_{KIND}_completers_load" in [b.key for b in app.button]


def test_a_corrected_column_changes_what_is_loaded(real: releases.Release, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page()
    key = give(app, NAME, FILE.replace(b"Loburi", "ลพบุรี".encode()))
    app.selectbox(key=f"{key}_kind").set_value(KIND).run()
    app.selectbox(key=f"{key}_{KIND}__map_value").set_value("D").run()
    assert not app.exception
    choice = uploads.Choice(KIND, Path(NAME).stem, mapping=(("value", "D"),))
    monkeypatch.setattr(person, "current", lambda: OPERATOR)
    report = uploads.checked(uploads.upload(NAME, FILE.replace(b"Loburi", "ลพบุรี".encode())), choice)
    assert report.profile["columns"]["value"] == "หญิง"


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"", b"\x00\x01\x02\x03"])
def test_a_file_that_cannot_be_read_is_refused_in_words(real: releases.Release, content: bytes) -> None:
    app = open_page()
    app.file_uploader[0].set_value([("broken.xlsx", content, "")]).run()
    assert not app.exception
    assert app.error
    assert gettext("Nothing has been loaded, and the published data are untouched.") in said(app)
    assert drafts.draft_in_progress() is None


def test_nothing_of_a_single_child_reaches_the_page(real: releases.Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", "a key of more than sixteen")
    app = open_page()
    key = give(app, "pupils.csv", PUPILS)
    app.selectbox(key=f"{key}_kind").set_value("pupil_grant").run()
    assert not app.exception
    shown = said(app) + "".join(frame.value.to_csv() for frame in app.dataframe)
    for secret in ("1000000000009", "สมมติ", "ใจดี", "9930010001"):
        assert secret not in shown
    assert gettext("The rows are not shown here: they may be of single persons.") in shown


def test_an_old_release_is_brought_back(real: releases.Release) -> None:
    second = small.publish({"target": _target()}, note="second", base=real)
    app = open_page(tab="releases", compare=f"{real.id}..{second.id}")
    assert any("เป้าหมาย" in frame.to_csv() for frame in tables(app))
    app.session_state[dialogs.ASKED] = "data_rollback_ask"
    app.run()
    app.session_state[dialogs.ASKED] = "data_rollback_ask"  # here a press runs the whole page, which closes a dialog
    app.button(key="data_rollback_yes").click().run()
    assert not app.exception
    assert releases.current_release() == real
    assert gettext("Release {id} is shown to every reader now.", id=real.id) in notes(app)


def test_what_a_release_holds_and_how_two_differ(real: releases.Release) -> None:
    second = small.publish({"target": _target()}, note="second", base=real)
    app = open_page(tab="releases")
    assert tables(app)[0].iloc[:, 0].tolist() == [second.id, real.id]
    assert (chosen(app, "data_release_shown"), chosen(app, "data_rollback")) == (second.id, real.id)
    assert (chosen(app, "data_old"), chosen(app, "data_new")) == (real.id, second.id)
    assert len(tables(app)) == 2  # nothing is compared before it is asked for
    app.session_state[address.KEPT] = {"data_release_shown": real.id}
    app.run()
    assert not app.exception
    assert chosen(app, "data_release_shown") == real.id
    assert real.checksum[:16] in everything_sent(app)


def test_the_audit_log_says_that_it_was_tampered_with(real: releases.Release) -> None:
    drafts.open_draft().discard()
    path = home() / "audit.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("discarded", "published"), encoding="utf-8")
    app = open_page(tab="audit")
    told = gettext("From line {n} on the log is not what was written: somebody or a crash has changed it.", n=audit.broken_at())
    assert audit.broken_at() is not None
    assert told in notes(app)


def _target() -> pd.DataFrame:
    row = {"indicator": "grant.basic_recipients", "period": "AY2566", "place_code": "TH", "value": 10.0, "source": "test"}
    return pd.DataFrame([row])


def test_a_draft_can_be_thrown_away(real: releases.Release) -> None:
    drafts.open_draft().upsert("target", _target(), "targets.csv")
    app = open_page()
    app.button(key="data_discard").click().run()
    assert not app.exception
    assert drafts.draft_in_progress() is None
    assert releases.current_release() == real


def test_the_dictionary_is_searched_in_both_languages(real: releases.Release) -> None:
    app = open_page(tab="dictionary")
    every = len(tables(app)[0])
    app.session_state[address.KEPT] = {"data_dictionary_search": "ยากจนพิเศษ ทุน"}
    app.run()
    found = tables(app)[0]
    assert 0 < len(found) < every
    assert "grant.equity_recipients" in found["รหัส"].tolist()
    app.session_state[address.KEPT] = {"data_dictionary_search": "zzzz"}
    app.run()
    assert gettext("No indicator has these words.") in notes(app)


def test_an_indicator_of_the_dictionary_is_shown_by_province(real: releases.Release) -> None:
    app = open_page(tab="dictionary", measure="grant.equity_recipients")
    assert not app.exception
    assert [data["chosen"] for data in components(app, "table")][:1] == ["grant.equity_recipients"]
    assert components(app, "definition")[0]["formula"]
    assert components(app, "board")


def test_names_of_uploads_are_safe_and_short() -> None:
    assert uploads.safe_name("../../etc/passwd") == "passwd"
    assert uploads.safe_name("..\\x:y?.csv") == "x_y_.csv"
    assert uploads.safe_name("...") == "file"
    long = uploads.safe_name("ก" * 300 + ".xlsx")
    assert long.endswith(".xlsx")
    assert len(long.encode()) <= uploads.NAME_BYTES


def test_an_upload_leaves_the_disk_even_when_reading_fails(empty_home: Path) -> None:
    file = uploads.upload("x.csv", b"a,b\n1,2\n")

    def fail() -> None:
        with uploads.stored(file) as path:
            assert path.read_bytes() == file.data
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list((empty_home / "uploads").iterdir()) == []


def test_an_administrator_lets_somebody_in_and_takes_it_away_again(real: releases.Release) -> None:
    app = open_page(tab="people")
    assert "ยังไม่มีผู้ได้รับสิทธิ์" in said(app)
    app.text_input(key="people_address").set_value("Officer@Example.go.th").run()
    app.selectbox(key="people_role").set_value("manager").run()
    app.segmented_control(key="people_reach").set_value("some").run()
    app.multiselect(key="people_provinces").set_value(["40"]).run()
    assert "officer@example.go.th" not in people.known()
    app.button(key="people_admit").click().run()
    assert not app.exception
    assert people.known() == {"officer@example.go.th": Person("officer@example.go.th", "manager", Scope.of(["40"]))}
    assert "ขอนแก่น" in app.dataframe[0].value.to_string()
    app.selectbox(key="people_chosen").set_value("officer@example.go.th").run()
    app.button(key="people_sign_out").click().run()
    assert people.known()["officer@example.go.th"].signed_out > 0
    app.selectbox(key="people_chosen").set_value("officer@example.go.th").run()
    app.button(key="people_dismiss").click().run()
    assert people.known() == {}
    assert [e.action for e in audit.entries()][-3:] == ["person_admitted", "person_signed_out", "person_dismissed"]


def test_an_address_that_is_none_is_refused_in_words(real: releases.Release) -> None:
    app = open_page(tab="people")
    app.text_input(key="people_address").set_value("nobody").run()
    app.button(key="people_admit").click().run()
    assert not app.exception
    assert any("ไม่ใช่ที่อยู่อีเมล" in t.value for t in app.toast)
    assert people.known() == {}


@pytest.mark.usefixtures("on_demo")
@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_grids_say_of_every_province_and_period_what_has_been_sent(lang: str) -> None:
    app = open_page(lang=lang, tab="quality", province="40")
    found = components(app, "grid")
    assert not app.exception
    rows = {code: cells for grid in found for code, _name, cells in grid["rows"]}
    assert len(rows) == 77
    item = quality.datasets(releases.require_release().id)[0]
    frame = quality.completeness(releases.require_release().id, item)
    periods = sorted(frame["period"].unique())
    for row in frame.sample(40, random_state=3).to_dict("records"):
        grade, words = rows[row["province"]][periods.index(row["period"])]
        assert (grade is None) is (row["expected"] == 0)
        assert (grade == len(grids.CLASSES) - 1) is (row["state"] == "complete")
        assert f"{row['sent']:,}" in words or row["expected"] == 0
    assert {grid["selected"] for grid in found} == {"40"}


# ---- rows left out
OFFICES = """จำนวนผู้สำเร็จการศึกษา ม.6 ปีการศึกษา 2566,
สังกัด,จำนวน
เชียงใหม่,250
ขอนแก่น,410
สศศ. แห่งที่ 1,120
สศศ. แห่งที่ 2,130
สศศ. แห่งที่ 3,140
สศศ. แห่งที่ 4,150
""".encode()


def _of_offices(app: AppTest) -> str:
    key = give(app, "offices.csv", OFFICES)
    app.selectbox(key=f"{key}_kind").set_value(KIND).run()
    step = f"{key}_{KIND}_"
    app.selectbox(key=f"{step}_map_place_code").set_value("A").run()
    app.selectbox(key=f"{step}_map_value").set_value("B").run()
    assert not app.exception
    return step


def _omissions(app: AppTest) -> list[pd.DataFrame]:
    """The table of rows left out, where it is on the page."""
    return [f.value for f in app.dataframe if gettext("Because") in f.value and gettext("Rule") in f.value]


def test_names_that_belong_nowhere_are_left_out_by_one_answer(real: releases.Release) -> None:
    app = open_page()
    step = _of_offices(app)
    rows = gettext("{n} rows", n="4")
    told = "{rows} contain “{part}”, which is in no other name. If they belong to no single place, leave them all out:"
    assert gettext(told, rows=rows, part="สศศ. แห่งที่") in said(app)
    assert app.button(key=f"{step}_names_leave").disabled  # without a reason nothing is left out
    app.text_input(key=f"{step}_names_reason").set_value("special schools").run()
    app.button(key=f"{step}_names_leave").click().run()
    assert not app.exception
    (shown,) = _omissions(app)
    rule = gettext("{column} contains {texts}", column="สังกัด", texts="“สศศ. แห่งที่”")
    assert shown.to_numpy().tolist() == [[rule, "special schools", "4", "ปีการศึกษา 2566", "540", "660"]]
    for box in [t for t in app.text_input if t.key and t.key.startswith(f"{step}_reason_")]:
        box.set_value("two provinces only")
    app.run()
    app.button(key=f"{step}_load").click().run()
    assert not app.exception
    draft = drafts.draft_in_progress()
    assert draft is not None
    assert draft.log[-1]["left_out"][0]["reason"] == "special schools"
    assert "4 left out" in audit.entries()[-1].after


def test_a_rule_is_written_in_the_form_and_taken_back(real: releases.Release) -> None:
    app = open_page()
    step = _of_offices(app)
    app.selectbox(key=f"{step}_leave_column").set_value("A").run()
    app.text_input(key=f"{step}_leave_text_contains").set_value("แห่งที่ 3").run()
    rule = gettext("{column} contains {texts}", column="สังกัด", texts="“แห่งที่ 3”")
    assert gettext("{rule} fits {rows}.", rule=rule, rows=gettext("{n} rows", n="1")) in said(app)
    app.text_input(key=f"{step}_leave_reason").set_value("counted twice").run()
    app.button(key=f"{step}_leave").click().run()
    assert not app.exception
    assert [o.value for o in app.markdown if "counted twice" in o.value]
    app.button(key=f"{step}_rule_0").click().run()
    assert not [o.value for o in app.markdown if "counted twice" in o.value]
    app.selectbox(key=f"{step}_leave_how").set_value("rows").run()
    app.text_input(key=f"{step}_leave_text_rows").set_value("5-8").run()
    app.text_input(key=f"{step}_leave_reason").set_value("no province").run()
    app.button(key=f"{step}_leave").click().run()
    assert not app.exception
    assert f"{step}_names_accept" not in [b.key for b in app.button]  # no name is in question any more


def test_a_rule_of_a_profile_can_be_taken_back(real: releases.Release) -> None:
    app = open_page()
    step = _of_offices(app)
    app.text_input(key=f"{step}_names_reason").set_value("special schools").run()
    app.button(key=f"{step}_names_leave").click().run()
    app.text_input(key=f"{step}_profile_name").set_value("offices").run()
    app.button(key=f"{step}_profile_save").click().run()
    assert maps.load_profile("offices")["left_out"][0][2] == "special schools"
    app.run()
    app.selectbox(key=f"{step.removesuffix(f'_{KIND}_')}_profile").set_value("offices").run()
    again = f"{step}offices"
    assert _omissions(app)
    app.button(key=f"{again}_rule_0").click().run()
    assert not app.exception
    assert f"{again}_names_accept" in [b.key for b in app.button]


# ---- before publishing
def _completers(value: float, year: int = 2566) -> pd.DataFrame:
    codes = [str(c) for c in geo.provinces().index]
    frame = pd.DataFrame({"place_code": codes, "value": value})
    return frame.assign(indicator="school.m6_completers", place_level="province", period=f"AY{year}", sex="all", level="all")


def _load_into_draft(value: float, year: int = 2566, **answers: object) -> drafts.Draft:
    draft = drafts.open_draft()
    draft.upsert("reported_value", _completers(value, year), "file.csv", {"kinds": {KIND: [f"AY{year}"]}, "typed": 0, **answers})
    return draft


def test_the_draft_is_told_before_it_is_published(real: releases.Release) -> None:
    left_out = {
        "column": "สังกัด",
        "how": "contains",
        "texts": ["สศศ."],
        "reason": "no province",
        "rows": 42,
        "sums": {"AY2566": 18116},
    }
    _load_into_draft(100, 2565)
    answers = {"accepted": {"jump": "counted anew"}, "names": {"Loburi": "16"}, "values": {"period": "AY2566"}}
    _load_into_draft(200, 2566, **answers, left_out=[left_out], sums={"AY2566": 15400})
    app = open_page()
    assert [m.value for m in app.metric] == ["154", gettext("{n} of {expected}", n="77", expected="77"), "2 · 2565 – 2566"]
    shown = said(app)
    assert f"ปีการศึกษา 2566: **{format_number(15400)} คน**" in shown
    assert f"ปีการศึกษา 2565: **{format_number(7700)} คน**" in shown
    assert len(components(app, "maps")) == len(components(app, "lines")) == 1
    answered = next(f.value for f in app.dataframe if gettext("Answer") in f.value)
    questions = dict(zip(answered[gettext("Question")], answered[gettext("Answer")], strict=True))
    assert questions[gettext(words.WARNINGS["jump"])] == "counted anew"
    assert questions[gettext("The place “{name}”", name="Loburi")] == "ลพบุรี"
    assert [f["กันออก"].tolist() for f in _omissions(app)] == [["18,116"]]


def test_few_persons_are_hidden_on_the_draft_too(real: releases.Release) -> None:
    draft = drafts.open_draft()
    draft.upsert("reported_value", _completers(4).head(1), "file.csv", {"kinds": {KIND: ["AY2566"]}, "typed": 0})
    app = open_page()
    told = said(app) + everything_sent(app)
    assert f"ปีการศึกษา 2566: **{state_words('suppressed', Style('th'))}**" in told
    assert not re.search(r"(?<![\d,.])4 คน", told)


def test_what_another_tab_has_changed_is_not_published(real: releases.Release) -> None:
    _load_into_draft(100)
    one, other = open_page(), open_page()
    _load_into_draft(200)  # a third
    one.button(key="data_publish").click().run()
    assert not one.exception
    assert releases.current_release() == real
    refused = gettext(
        "The draft has changed: you saw version {seen}, and it is version {now} now. Nothing was published; look at it again",
        seen=1,
        now=2,
    )
    assert refused in said(one)
    one.button(key="data_publish").click().run()  # which now shows version 2
    assert releases.require_release().row_counts["reported_value"] == 77
    other.button(key="data_publish").click().run()
    gone = gettext("Nothing was published: the draft that you saw has been published or thrown away by somebody else.")
    assert gone in said(other)


def test_an_empty_draft_cannot_be_published(empty_home: Path, real: releases.Release) -> None:
    drafts.open_draft().upsert("target", _target(), "targets.csv")
    draft = drafts.draft_in_progress()
    assert draft is not None
    with draft.engine.begin() as connection:
        for table in schema.LOADABLE_TABLES:
            connection.execute(schema.TABLES[table].delete())
    app = open_page()
    assert gettext("No table of the draft has a row: it cannot be published.") in said(app)
    assert "data_publish" not in [b.key for b in app.button]


def test_every_kind_of_warning_has_words() -> None:
    """Each warning that the importer makes is told in words where it was accepted."""
    made = {"place_guess_accepted"}
    for path in (ROOT / "data_access" / "importing").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            words_ = [a.value for a in node.args if isinstance(a, ast.Constant)] if isinstance(node, ast.Call) else []
            made |= {str(code) for severity, code in itertools.pairwise(words_) if severity == "warning"}
    of_inspect = {"place_guess", "place_unknown"}  # errors when a file is loaded
    assert made - of_inspect == set(words.WARNINGS)


CORRECTED = """จังหวัด,ปีการศึกษา,จำนวน
เชียงใหม่,2566,251
ขอนแก่น,2566,411
""".encode()


@pytest.mark.parametrize(("choice", "kept"), [("replace", 2), ("keep", 77)])
def test_rows_that_a_corrected_file_lacks_are_asked_about(real: releases.Release, choice: str, kept: int) -> None:
    draft = _load_into_draft(250)
    app = open_page()
    key = give(app, "corrected.csv", CORRECTED)
    app.selectbox(key=f"{key}_kind").set_value(KIND).run()
    step = f"{key}_{KIND}_"
    app.selectbox(key=f"{step}_map_value").set_value("C").run()
    asked = app.radio(key=f"{step}_missing")
    assert asked.value is None  # nothing is chosen beforehand
    assert f"{step}_load" not in [b.key for b in app.button]
    assert gettext("Say above what becomes of the rows that this file lacks.") in said(app)
    asked.set_value(choice).run()
    for box in [t for t in app.text_input if t.key and t.key.startswith(f"{step}_reason_")]:
        box.set_value("corrected by the agency")
    app.run()
    app.button(key=f"{step}_load").click().run()
    assert not app.exception
    assert draft.count("reported_value") == kept
    answered = next(f.value for f in app.dataframe if gettext("Answer") in f.value)
    assert gettext(missing.CHOICES[choice]) in answered[gettext("Answer")].tolist()


def _of_beds(begin: int, headings: bool = True) -> bytes:
    """A table of something that the app knows nothing of: beds by province, of 2565."""
    rows = [f"{name},2565,{begin + n}" for n, name in enumerate(geo.provinces()["name_th"])]
    return "\n".join([*(["จังหวัด,ปี พ.ศ.,เตียงที่ใช้ (แห่ง)"] if headings else []), *rows]).encode()


def _declared(app: AppTest, key: str) -> None:
    """Declare what the file holds, by the words that the page proposes, and go on to loading it."""
    app.selectbox(key=f"{key}_kind").set_value(declaring.NEW).run()
    assert not app.exception
    app.button(key=f"{key}_declare_go").click().run()
    assert not app.exception
    assert app.selectbox(key=f"{key}_kind").value == declaring.MEASURES


def _load_measures(app: AppTest, key: str) -> None:
    step = f"{key}_{declaring.MEASURES}"
    for box in [t for t in app.text_input if t.key and t.key.startswith(f"{step}_reason_")]:
        box.set_value("corrected by the agency")
    app.run()
    app.button(key=f"{step}_load").click().run()
    assert not app.exception


@pytest.mark.parametrize("headings", [True, False], ids=["headings", "no headings"])
def test_something_new_is_declared_and_loaded(real: releases.Release, headings: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not headings:  # it has no names of its own: a steward would type them, which AppTest cannot do in an editor

        def named(found: list[Candidate], _edited: pd.DataFrame) -> list[measures.Measure]:
            own = [replace(c.measure, short_th="เตียง", title_th="เตียง", unit_th="แห่ง") for c in found]
            return [m for m in own if m.headings == "C"]

        monkeypatch.setattr(declaring, "_measures", named)
    app = open_page()
    key = give(app, "beds.csv", _of_beds(20, headings))
    if not headings:
        app.checkbox(key=f"{key.removesuffix('_0')}_headless").check().run()
    _declared(app, key)
    _load_measures(app, key)
    draft = drafts.draft_in_progress()
    assert draft is not None
    (made,) = declarations.of_draft()
    rows = draft.read("reported_value")
    assert len(rows[rows["indicator"] == made.measure_id]) == len(geo.provinces())


def test_rows_that_a_corrected_file_of_measures_lacks_are_asked_about(real: releases.Release) -> None:
    app = open_page()
    key = give(app, "beds.csv", _of_beds(20))
    _declared(app, key)
    _load_measures(app, key)
    app = open_page()
    key = give(app, "corrected.csv", b"\n".join(_of_beds(30).splitlines()[:61]))
    assert app.selectbox(key=f"{key}_kind").value == declaring.MEASURES  # it is known by its headings
    step = f"{key}_{declaring.MEASURES}"
    assert f"{step}_load" not in [b.key for b in app.button]
    app.radio(key=f"{step}_missing").set_value("replace").run()
    _load_measures(app, key)
    draft = drafts.draft_in_progress()
    assert draft is not None
    (made,) = declarations.of_draft()
    rows = draft.read("reported_value")
    assert (rows["indicator"] == made.measure_id).sum() == 60
