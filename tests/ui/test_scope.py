"""No page, download or slide of one person holds a school, centre or authority that belongs to another's provinces.

Everything that a run sends to the browser is searched for the codes and names of places elsewhere: what is not sent cannot leak.
"""

from __future__ import annotations

import gzip
import math
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from streamlit.testing.v1 import AppTest

from data_access.questions import reach
from data_access.saved import people
from data_access.store.releases import require_release
from data_access.store.tables import read_table
from data_access.who.access import EVERYWHERE, NOWHERE, Person, Scope
from i18n import gettext
from tests.reading import captions, everything_sent, filter_value, notes, segments
from ui.blocks import blocks
from ui.entry import person
from ui.frame import drawing
from ui.kit import downloads, slides

ROOT = Path(__file__).parents[2]
PAGES = sorted(p.stem for p in (ROOT / "pages").glob("*.py"))
OWN, OTHER = "40", "33"
ADDRESS = "officer@example.go.th"
NOW = time.time()
NAMED = re.compile("(?:โรงเรียนท้องถิ่น|ศูนย์พัฒนาเด็กเล็ก)สมมติ ")
CLOSED = {"ตัวอย่าง"}  # columns of which nobody can say whose they are: codes that refer to nothing
LISTS = ("schools", "early_childhood", "pilot_areas")

pytestmark = pytest.mark.usefixtures("demo_home")


class Places:
    """The schools, centres and authorities of the demonstration by code and by Thai name, with their provinces."""

    def __init__(self) -> None:
        release = require_release().id
        schools, centres, laos = (read_table(release, t) for t in ("school", "centre", "lao"))
        self.codes = {
            **dict(zip(schools["school_code"], schools["subdistrict_code"].str[:2], strict=True)),
            **dict(zip(centres["centre_code"], centres["province_code"], strict=True)),
            **dict(zip(laos["lao_code"], laos["district_code"].str[:2], strict=True)),
        }
        names = [
            *zip(schools["name_th"], schools["subdistrict_code"].str[:2], strict=True),
            *zip(centres["name_th"], centres["province_code"], strict=True),
        ]
        found: dict[str, set[str]] = {}
        for name, province in names:
            found.setdefault(name, set()).add(province)
        self.names = {name: next(iter(where)) for name, where in found.items() if len(where) == 1}

    def provinces_in(self, text: str) -> set[str]:
        """The provinces whose places a text names."""
        found = {self.codes[c] for c in re.findall(r"D?\d{8,10}", text) if c in self.codes}
        for mark in NAMED.finditer(text):
            tail = text[mark.start() : mark.start() + 90]
            longest = next((tail[:n] for n in range(len(tail), 12, -1) if tail[:n] in self.names), None)
            found |= {self.names[longest]} if longest else set()
        return found


class Visitor(dict[str, Any]):
    """What `st.user` says of somebody who is signed in."""

    is_logged_in = True


@pytest.fixture(scope="module")
def places(demo_home: None) -> Places:
    return Places()


@pytest.fixture
def as_person(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open the app for somebody who is signed in: `as_person(scope, role="viewer", **address)`.

    What is served by an address of its own stands in the page itself, so that it is searched too.
    """

    def in_place(_key: str, body: bytes) -> str:
        return "data:" + gzip.decompress(body).decode("utf-8")

    def open_app(scope: Scope, role: str = "viewer", **address: str) -> AppTest:
        monkeypatch.setattr(blocks, "served", in_place)
        monkeypatch.setattr(people, "find", lambda _address: Person(ADDRESS, role, scope))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.secrets["auth"] = {"client_id": "test"}
        now = time.time()
        app.user = {"is_logged_in": True, "email": ADDRESS, "iat": now}
        for key, value in address.items():
            app.query_params[key] = value
        return app.run()

    return open_app


class Menu(NamedTuple):
    """A download menu of a page that ran, and the slide that it would make: whose eyes that is for, and all of its words."""

    key: str
    reach: tuple[str, ...]
    unknown: tuple[str, ...]
    text: str


@pytest.fixture
def menus(monkeypatch: pytest.MonkeyPatch) -> list[Menu]:
    """Every download menu of the pages that run."""
    found: list[Menu] = []

    def record(key: str, table: Any, facts: Any, _picture: Any = None, asks: Any = ()) -> None:
        frame = slides.made(table)
        said = [facts.title, facts.filters]
        texts = {str(c): {v for v in frame[c] if isinstance(v, str)} for c in frame}
        unknown = tuple(c for c, held in texts.items() if held and reach._kind(c, held) == "unknown")
        judged = slides.reach_of(frame, asks)
        found.append(Menu(key, judged, unknown, "\n".join([frame.to_csv(index=False), *said])))

    monkeypatch.setattr(downloads, "menu", record)
    return found


PARTS = {
    "data": ("releases", "quality", "dictionary"),
    "pilot_areas": ("lao", "centre", "subdistrict"),
    "policy": ("lunch_steps", "simulator", "compare"),
}


def visit(app: AppTest, *, parts: bool = True) -> Iterator[tuple[str, AppTest]]:
    """Every page, and every part of those that have parts."""
    for page in PAGES:
        yield page, app.switch_page(f"pages/{page}.py").run()
        for part in PARTS.get(page, ()) if parts else ():
            app.query_params["tab"] = part
            yield f"{page} {part}", app.switch_page(f"pages/{page}.py").run()
            app.query_params.pop("tab")


@pytest.mark.parametrize(
    ("own", "address"),
    [({OWN}, {}), ({OWN}, {"province": OTHER}), ({OWN}, {"province": OWN}), (set(), {})],
    ids=["country", "other", "own", "no province"],
)
def test_pages_files_and_slides_hold_places_of_the_own_provinces_alone(
    as_person: Callable[..., AppTest], places: Places, menus: list[Menu], own: set[str], address: dict[str, str]
) -> None:
    shown: set[str] = set()
    for page, app in visit(as_person(Scope.of(own), "manager", **address), parts=address != {"province": OTHER}):
        assert not app.exception, page
        found = places.provinces_in(everything_sent(app))
        assert found <= own, page
        shown |= found
        for menu in menus:
            assert places.provinces_in(menu.text) <= own, (page, menu.key)
            assert set(menu.reach) <= own, (page, menu.key)
        menus.clear()
    assert shown == (set() if address.get("province") == OTHER else own)


def test_a_page_drawn_for_another_is_not_sent_to_somebody_with_fewer_places(
    as_person: Callable[..., AppTest], places: Places
) -> None:
    """Grants lists schools, and is a page that is kept once it is drawn (`ui.frame.drawing`)."""
    app = as_person(EVERYWHERE, "manager").switch_page("pages/grants.py").run()
    assert places.provinces_in(everything_sent(app)) - {OWN}
    assert drawing._KEPT
    for scope, role in ((Scope.of([OWN]), "manager"), (NOWHERE, "manager"), (NOWHERE, "viewer")):
        app = as_person(scope, role).switch_page("pages/grants.py").run()
        assert not app.exception
        assert places.provinces_in(everything_sent(app)) <= set(scope.provinces or ())


def test_the_simulator_says_where_sizes_are_means(as_person: Callable[..., AppTest]) -> None:
    for scope in (EVERYWHERE, Scope.of([OWN])):
        app = as_person(scope, lang="en", tab="simulator").switch_page("pages/policy.py").run()
        assert not app.exception
        assert any("no school has its own size" in words for words in captions(app)) is not scope.everywhere


def test_somebody_without_places_is_sent_none_and_told_so(as_person: Callable[..., AppTest], places: Places) -> None:
    app = as_person(NOWHERE)
    for page in LISTS:
        app.switch_page(f"pages/{page}.py").run()
        assert places.provinces_in(everything_sent(app)) == set(), page
        assert gettext("These places are outside what you see in detail.", "th") in notes(app), page


@pytest.mark.parametrize("address", [{}, {"province": OWN}], ids=["country", "province"])
def test_no_slide_of_somebody_who_sees_everything_shows_others_more_than_they_may_see(
    as_person: Callable[..., AppTest], places: Places, menus: list[Menu], address: dict[str, str]
) -> None:
    """What a slide is for follows from its columns: nobody says it, so nobody can forget to, and what is unknown is for nobody else."""
    seen, held, wide = {}, 0, 0
    for page, app in visit(as_person(EVERYWHERE, "presenter", **address)):
        assert not app.exception, page
        seen[page] = places.provinces_in(everything_sent(app))
        for menu in menus:
            there = places.provinces_in(menu.text)
            assert menu.reach == (reach.ALL,) or there <= set(menu.reach), (page, menu.key)
            assert not set(menu.unknown) - CLOSED, (page, menu.key, "say in data_access.questions.reach what the columns hold")
            held, wide = held + bool(there), wide + (menu.reach == ())
        menus.clear()
    if not address:  # the search would find a leak
        assert len(seen["schools"]) == len(seen["early_childhood"]) == 76
        assert seen["pilot_areas"]
    assert held >= 5
    assert wide > 40


@pytest.mark.parametrize("kind", ["district", "lao", "school", "centre"])
def test_a_deep_link_to_a_place_elsewhere_says_so_and_shows_nothing(
    as_person: Callable[..., AppTest], places: Places, kind: str
) -> None:
    page = {"district": "province", "lao": "schools", "school": "schools", "centre": "early_childhood"}[kind]
    lengths = {"district": 4, "lao": 8, "school": 10, "centre": 9}
    code = (
        OTHER + "01" if kind == "district" else next(c for c, p in places.codes.items() if p == OTHER and len(c) == lengths[kind])
    )
    app = as_person(Scope.of([OWN]), lang="en", province=OTHER, **{kind: code}).switch_page(f"pages/{page}.py").run()
    assert "The address names" in app.error[0].value
    assert places.provinces_in(everything_sent(app)) == set()
    app.button(key="person_without").click().run()
    assert not [e for e in app.error if "The address names" in e.value]


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ({"is_logged_in": False}, "Sign in"),
        ({"is_logged_in": True, "email": ADDRESS}, "Sign in"),  # nobody knows since when
        ({"is_logged_in": True, "email": ADDRESS, "iat": 1_000_000}, "Sign in"),  # long ago
        ({"is_logged_in": True, "email": ADDRESS, "iat": NOW + 86_400}, "Sign in"),  # a clock was moved
        ({"is_logged_in": True, "email": "stranger@example.org", "iat": NOW}, "No access"),
        ({"is_logged_in": True, "email": ADDRESS, "email_verified": False, "iat": NOW}, "No access"),
        (
            {"is_logged_in": True, "email": ADDRESS, "email_verified": "false", "iat": NOW},
            "No access",
        ),  # as some providers write it
        ({"is_logged_in": True, "iat": NOW}, "No access"),
    ],
)
@pytest.mark.parametrize("page", ["", "schools", "data"])
def test_who_is_not_let_in_gets_no_page(
    monkeypatch: pytest.MonkeyPatch, places: Places, user: dict[str, Any], words: str, page: str
) -> None:
    monkeypatch.setattr(people, "find", lambda address: Person(ADDRESS, "viewer", EVERYWHERE) if address == ADDRESS else None)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.secrets["auth"], app.user = {"client_id": "test"}, user
    app.query_params["lang"] = "en"
    app.run()
    if page:
        app.switch_page(f"pages/{page}.py").run()
    assert [t.value for t in app.title] == [words]
    assert not app.metric
    assert len(everything_sent(app)) < 40_000
    assert places.provinces_in(everything_sent(app)) == set()


def test_a_person_dismissed_meanwhile_is_not_served_a_part_of_the_page(
    as_person: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = as_person(Scope.of([OWN]), lang="en")
    assert filter_value(app, "province") is None  # the page is there
    monkeypatch.setattr(people, "find", lambda _address: None)
    assert [t.value for t in app.run().title] == ["No access"]


def test_whoever_is_sent_away_is_nobody_in_parts_of_the_page_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A menu or a search box is drawn by itself, without passing the gate."""
    officer = Person(ADDRESS, "manager", Scope.of([OWN]))
    monkeypatch.setattr(person.st, "session_state", {person.PERSON: officer})
    monkeypatch.setattr(person.st, "user", Visitor(email=ADDRESS, iat=time.time()))
    monkeypatch.setattr(people, "find", lambda _address: officer)
    assert person.current() == officer
    for change in (None, Person(ADDRESS, "viewer", Scope.of([OWN])), Person(ADDRESS, "manager", NOWHERE)):
        monkeypatch.setattr(people, "find", lambda _address, change=change: change)
        assert person.scope() == NOWHERE
        assert not person.may("presenter")
    monkeypatch.setattr(people, "find", lambda _address: officer)
    monkeypatch.setattr(person.st, "user", Visitor(email=ADDRESS, iat=1_000_000))
    assert person.scope() == NOWHERE


@pytest.mark.parametrize("said", [False, "false", "False", 0, None, "", "no", True, "true", "True"])
def test_an_address_counts_that_the_provider_vouches_for(monkeypatch: pytest.MonkeyPatch, said: object) -> None:
    monkeypatch.setattr(person.st, "user", Visitor(email=ADDRESS, email_verified=said))
    assert person._verified() == (str(said).lower() == "true")
    monkeypatch.setattr(person.st, "user", Visitor(email=ADDRESS))
    assert person._verified()


def test_signing_out_ends_every_window_and_every_copy_of_the_cookie(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> None:
    officer = people.admit(ADDRESS, "manager", [OWN])
    signed_in = math.floor(time.time()) - 60
    ended: list[bool] = []
    monkeypatch.setattr(person.start_link, "nobody_signs_in", lambda: False)
    monkeypatch.setattr(person.st, "logout", lambda: ended.append(True))

    def window(issued: float) -> dict[str, Any]:
        state: dict[str, Any] = {person.PERSON: officer}
        monkeypatch.setattr(person.st, "session_state", state)
        monkeypatch.setattr(person.st, "user", Visitor(email=ADDRESS, iat=issued))
        return state

    window(signed_in)
    assert person.current() == officer
    person._sign_out()
    assert ended == [True]
    for issued in (signed_in, signed_in - 3600):
        state = window(issued)
        assert not person.may("viewer")
        assert person.gate() is person._ask_to_sign_in
        assert state == {}
    window(signed_in + 5)  # they have signed in again
    assert person.may("manager")
    assert person.gate() is None
    people.sign_out(ADDRESS)  # by an administrator, now
    assert not person.may("viewer")


def test_signing_out_ends_what_was_signed_in_later_elsewhere(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> None:
    """In the office at nine, in the meeting room at ten; signed out in the office at eleven, by a provider whose clock is slow."""
    officer = people.admit(ADDRESS, "manager", [OWN])
    now = time.time()
    monkeypatch.setattr(person.start_link, "nobody_signs_in", lambda: False)
    monkeypatch.setattr(person.st, "logout", lambda: None)
    monkeypatch.setattr(person.st, "session_state", {person.PERSON: officer})

    def signed_in(seconds_ago: float) -> bool:
        monkeypatch.setattr(person.st, "user", Visitor(email=ADDRESS, iat=now - seconds_ago))
        return person.may("manager")

    assert signed_in(3600)
    assert signed_in(7200)
    person._sign_out()
    assert not signed_in(3600)
    assert signed_in(person.CLOCKS_APART - 10)  # again, a moment later


def test_who_cannot_be_written_down_is_signed_out_in_this_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []

    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(person, "current", lambda: Person(ADDRESS, "viewer"))
    monkeypatch.setattr(person.st, "user", Visitor(email=ADDRESS, iat=NOW))
    monkeypatch.setattr(person.st, "logout", lambda: ended.append(True))
    monkeypatch.setattr(people, "sign_out", full)
    person._sign_out()
    assert ended == [True]


@pytest.mark.parametrize("role", ["viewer", "presenter", "manager", "steward", "administrator"])
def test_each_role_is_offered_what_it_may_do(as_person: Callable[..., AppTest], role: str) -> None:
    app = as_person(EVERYWHERE, role).switch_page("pages/data.py").run()
    tabs = set(segments(app, "data_tab")["options"].values())
    assert any("นำเข้า" in t for t in tabs) is (role in ("steward", "administrator"))
    assert any("บันทึกการกระทำ" in t for t in tabs) is (role == "administrator")
    app.switch_page("pages/mou_review.py").run()
    assert any(b.key == "review_begin" for b in app.button) is (role != "viewer")


def test_a_hostile_press_of_a_button_that_is_not_offered_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    toasts: list[str] = []
    monkeypatch.setattr(person.st, "toast", lambda words, **_more: toasts.append(words))
    monkeypatch.setattr(person, "current", lambda: Person(ADDRESS, "viewer"))
    assert person.said("manager", done.append, "deleted") is None
    assert done == []
    assert toasts
