"""A programme from outside the house (`school_milk`) through the whole of it; run by `test_from_outside` with the folder set."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from data_access.programmes.school_milk import FLAVOUR  # type: ignore[import-not-found]
from streamlit.testing.v1 import AppTest

from data_access import demo
from data_access.analysis import quality
from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.documents import documents
from data_access.importing.loading import load
from data_access.importing.templates import template_bytes
from data_access.programmes import reading
from data_access.programmes.indicators import PROGRAMMES
from data_access.publishing import preview
from data_access.publishing.drafts import draft_in_progress, publish
from data_access.questions import detail, reach
from data_access.questions.query import available, query
from data_access.store import releases
from data_access.who.access import Scope, ScopeError
from i18n import gettext, unit_name
from tests.data_access import small
from tests.opened import follow
from tests.reading import everything_sent
from ui.across import districts, profile, results
from ui.kit import loaded, navigation, tables
from ui.kit.filters import Filters
from ui.programmes import targets
from ui.view import address

ROOT = Path(__file__).parents[2]
PAGE, TABLE = "school_milk", "school_milk"
MILK = next(p for p in PROGRAMMES if p.page == PAGE)
OFFICER = Scope(frozenset(("30",)))


def rows() -> pd.DataFrame:
    """The programme's own demonstration rows, of the schools of a small country."""
    assert MILK.demo
    return MILK.demo(SimpleNamespace(schools=small.schools()), {})[TABLE]


def filled_in() -> bytes:
    """The template of its table with its rows in it, as an agency would send it."""
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(TABLE)))
    words = {code: told[-1] for code, told in FLAVOUR.codes.items()}
    sent = rows().assign(flavour=lambda d: d["flavour"].map(words))[[c.name for c in schema.TABLES[TABLE].columns]]
    for row in sent.itertuples(index=False):
        book.worksheets[0].append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture(scope="module", autouse=True)
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The rows loaded from the template beside the places, looked at, and published."""
    folder = tmp_path_factory.mktemp("milk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(folder))
        follow(patch)
        base = small.publish({"lao": small.laos(), "school": small.schools()})
        file = folder / "milk.xlsx"
        file.write_bytes(filled_in())
        report = load(file, TABLE, accepted_warnings={"incomplete": "a small country"})
        assert report.ok, report.to_json("en")
        draft = draft_in_progress()
        assert draft
        (part,) = preview.parts(draft)
        assert (part.indicator, part.periods) == ("milk.pupils", ("2565-1", "2565-2"))
        yield publish(draft, as_of=dt.date(2023, 9, 30)).id
        assert base


def value(indicator: str, where: dict[str, str]) -> float:
    """One number."""
    return float(query(indicator, where={"semester": "2565-2", **where})["value"].iloc[0])


def test_numbers_are_those_of_the_rows() -> None:
    now = rows().query("semester == '2565-2'")
    assert {i.id for f in MILK.families for i in f.indicators} <= set(available())
    assert value("milk.pupils", {}) == now["pupils"].sum()
    assert value("milk.boxes", {}) == now["boxes"].sum()
    assert value("milk.boxes_per_pupil", {"province": "30"}) == pytest.approx(96)
    school = now["school_code"].iloc[0]
    assert value("milk.pupils", {"school": school}) == now.loc[now["school_code"] == school, "pupils"].sum()
    flavours = query("milk.boxes", ("flavour",), {"semester": "2565-2"}).set_index("flavour")["value"]
    assert flavours.to_dict() == now.groupby("flavour")["boxes"].sum().to_dict()
    with pytest.raises(UsageError):
        query("milk.boxes", (), {"flavour": "sour"})


def test_units_are_in_thai_and_one_is_one() -> None:
    assert tables.key_words("flavour", "plain", "th") == "รสจืด"
    assert (unit_name("boxes", "th"), unit_name("boxes", "en", 1), unit_name("boxes per pupil", "th")) == (
        "กล่อง",
        "box",
        "กล่องต่อคน",
    )


def test_a_scope_holds_for_its_questions_and_its_table(release: str) -> None:
    with pytest.raises(ScopeError):
        query("milk.pupils", ("school",), {"province": "40"}, scope=OFFICER)
    seen = query("milk.pupils", ("school",), {"semester": "2565-2"}, scope=OFFICER)
    assert len(seen) == 4
    assert all(code.startswith("9930") for code in seen["school"])
    listed = detail.table(release, TABLE, OFFICER)
    assert set(listed["school_code"].str[2:4]) == {"30"}
    assert "pupils" not in listed


def test_its_completeness_is_judged(release: str) -> None:
    found = quality.dataset(release, TABLE)
    assert found
    assert quality.indicators_of(found) == ["milk.pupils", "milk.boxes", "milk.boxes_per_pupil"]
    complete = quality.completeness(release, found)
    assert set(complete.loc[complete["expected"] > 0, "state"]) == {quality.COMPLETE}
    assert TABLE in set(quality.join_audit(release)["table"])


def test_the_demonstration_has_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "PROGRAMMES", (MILK,))  # the others take their time
    built = demo.build_tables()
    assert set(built[TABLE]["school_code"]) == set(built["school"]["school_code"])


def test_a_release_of_before_it_has_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = releases.list_releases()[-1]
    with releases.reader(before.id).connect() as connection:
        monkeypatch.setattr(reading, "remembered", lambda *_asked: ())
        assert MILK.families[0].expected
        assert MILK.families[0].expected(connection).empty
    assert query("milk.pupils", release=before.id)["state"].tolist() == ["not_collected"]


def test_documents_and_the_dictionary_tell_of_it() -> None:
    written = documents()
    assert "### `milk.boxes`: นมที่แจก · Boxes of milk" in written["indicators.md"]
    assert "## `school_milk`: นมโรงเรียนรายภาคเรียน" in written["data-contract.md"]
    assert "| 15 | School milk |" in written["coverage.md"]
    assert written["coverage.md"].index("| 14 |") < written["coverage.md"].index("| 15 |")


def test_its_split_is_a_filter() -> None:
    chosen = Filters(lang="th", more=(("flavour", "sweet"),))
    assert (chosen.where(), chosen.words()) == ({"flavour": "sweet"}, "ทั้งประเทศ · รสหวาน")
    assert address.fits("flavour", "sweet")
    assert reach.of_table(["รสนม", "ค่า"], [("รสหวาน", 1.0)], releases.require_release().id) == ()
    assert not address.fits("flavour", "sour")


def test_every_list_of_the_screen_has_it() -> None:
    assert "milk.pupils" in districts.MEASURES
    assert "milk.pupils" in results.MAPS
    assert "milk.pupils" in [i for i, _where in results.RESULTS[1][2]]
    assert targets.result_of("milk.pupils") == results.RESULTS[1][0]
    assert "milk.boxes_per_pupil" in profile.ITEMS
    assert loaded.ABOUT[PAGE].families == ("milk",)
    assert all("milk" in loaded.ABOUT[page].families for page in ("overview", "province", "indicators"))
    assert gettext(navigation.PAGES[PAGE][0], "th") == "นมโรงเรียน"


@pytest.mark.parametrize(
    ("page", "said"), [(PAGE, "กล่องต่อคน"), ("overview", "นักเรียนที่ดื่มนมโรงเรียน"), ("data", "นมโรงเรียนรายภาคเรียน")]
)
def test_pages_show_it_in_thai(page: str, said: str) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = "th"
    app.run()
    app.switch_page(str(navigation.FILES[page])).run()
    assert not app.exception
    assert said in everything_sent(app)
