"""The data page: every tab in both languages, and a file on its whole way from the desk to the readers and back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from charts import grids
from data_access import audit, drafts, people, quality, releases
from data_access.access import OPERATOR, Person, Scope
from data_access.importing import mapping as maps
from data_access.importing.places import accepted
from data_access.query import query
from data_access.settings import home
from i18n import gettext
from tests.data_access import small
from tests.reading import chosen, components, everything_sent, notes, segments, tables
from ui import dialogs, person, sheet
from ui.datadesk import uploads

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
ALONE = f"""
import runpy
import streamlit as st
from data_access.access import OPERATOR
from ui import dialogs, person, sheet, shell, state
st.session_state[shell.READY] = True
st.session_state[person.PERSON] = OPERATOR
shell.link = lambda *_words, **_more: None
state.arrive("data")
sheet.begin()
runpy.run_path({str(ROOT / "pages" / "data.py")!r})
sheet.flush()
dialogs.show()
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
    app.session_state[sheet.KEPT] = {"data_release_shown": real.id}
    app.run()
    assert not app.exception
    assert chosen(app, "data_release_shown") == real.id
    assert real.checksum[:16] in everything_sent(app)


def test_what_may_change_at_any_time_is_not_kept(real: releases.Release) -> None:
    kept = {}
    for tab in ("releases", "audit", "dictionary"):
        app = open_page(tab=tab)
        kept[tab] = sheet.FLEETING not in app.session_state
    assert kept == {"releases": False, "audit": False, "dictionary": True}


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
    app.session_state[sheet.KEPT] = {"data_dictionary_search": "ยากจนพิเศษ ทุน"}
    app.run()
    found = tables(app)[0]
    assert 0 < len(found) < every
    assert "grant.equity_recipients" in found["รหัส"].tolist()
    app.session_state[sheet.KEPT] = {"data_dictionary_search": "zzzz"}
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
