"""Ten tasks of executives, programme managers and presenters, each done with the mouse and from the keyboard alone."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pptx import Presentation
from pypdf import PdfReader

from data_access.store import releases
from tests.browser.driving import PATIENCE, Server, follow, open_page, page_of, query_of, settled, start_server
from tests.data_access import small
from ui.meetings.templates import EXAMPLES

SLIDES = ".st-key-quoted_slides"
MOST_TABS = 400
FOCUSED = (
    """e => { const a = e.getRootNode().activeElement; return !!a && (a === e || e.contains(a)); }"""  # also in a shadow root
)


class Mouse:
    """Does everything by pointing."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator) -> None:
        what.scroll_into_view_if_needed()
        settled(self.page)  # charts are drawn when they come into view
        what.click()
        settled(self.page)

    def write(self, where: Locator, text: str) -> None:
        where.click()
        self._text(where, text)

    def choose(self, where: Locator, text: str) -> None:
        """Type into a select box and take the first option."""
        where.click()
        self._option(text)

    def _text(self, where: Locator, text: str) -> None:
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter" if where.evaluate("e => e.tagName") == "TEXTAREA" else "Enter")
        self.page.wait_for_timeout(300)
        settled(self.page)

    def _option(self, text: str) -> None:
        self.page.keyboard.insert_text(text)
        self.page.wait_for_timeout(400)
        self.page.keyboard.press("Enter")
        self.page.wait_for_timeout(300)
        settled(self.page)


class Keys(Mouse):
    """Reaches everything by Tab, as somebody without a mouse does."""

    def reach(self, what: Locator) -> None:
        what.wait_for(state="visible")
        for _step in range(MOST_TABS):
            if what.evaluate(FOCUSED):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"{what} cannot be reached by the Tab key")

    def press(self, what: Locator) -> None:
        self.reach(what)
        self.page.keyboard.press("Enter")
        self.page.wait_for_timeout(300)
        settled(self.page)

    def write(self, where: Locator, text: str) -> None:
        self.reach(where)
        self._text(where, text)

    def choose(self, where: Locator, text: str) -> None:
        self.reach(where)
        self._option(text)


@pytest.fixture(scope="module")
def own_server(browser_home: Path, servers: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The app on a copy of the data that the tests of this module may change."""
    home = tmp_path_factory.mktemp("journeys") / "home"
    shutil.copytree(browser_home, home)
    started = start_server(home.parent / "server.log", home)
    servers.append(started)
    return started


@pytest.fixture(params=[Mouse, Keys], ids=["mouse", "keyboard"])
def hand(request: pytest.FixtureRequest, page: Page) -> Mouse:
    return request.param(page)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name).first


def keyed(page: Page, key: str, inner: str = "button") -> Locator:
    return page.locator(f".st-key-{key} {inner}").first


def open_menu_of(page: Page, hand: Mouse, key: str) -> None:
    """Press the Download button of the view whose dialog holds a button of this key."""
    view, _part = key.rsplit("_", 1)
    hand.press(keyed(page, f"{view}_menu"))
    expect(keyed(page, key)).to_be_visible(timeout=PATIENCE)


# ---- executives ---------------------------------------------------------------------------------------------------------
def test_what_is_behind_and_by_when(page: Page, server: Server, hand: Mouse) -> None:
    open_page(page, server, lang="en")
    expect(page.get_by_text("Behind", exact=False).first).to_be_visible()
    hand.press(page.get_by_role("link", name="Targets, year by year"))
    page.wait_for_url(re.compile("/targets"), timeout=PATIENCE)
    settled(page)
    assert page.locator("h1").inner_text() == "Targets"


def test_a_province_from_its_nickname(page: Page, server: Server, hand: Mouse) -> None:
    open_page(page, server, lang="en")
    hand.press(button(page, "Search"))
    expect(keyed(page, "search_text", "input")).to_be_focused(timeout=PATIENCE)  # so that no key is one of Streamlit's
    hand.write(keyed(page, "search_text", "input"), "โคราช")
    hand.press(page.get_by_role("link", name=re.compile("Nakhon Ratchasima")).first)
    page.wait_for_url(re.compile("province=30"), timeout=PATIENCE)
    settled(page)
    expect(page.get_by_role("heading", name=re.compile("^Nakhon Ratchasima"))).to_be_visible()
    expect(page.get_by_text(re.compile("^Similar provinces: "))).to_be_visible()


def test_two_more_places_side_by_side(page: Page, server: Server, hand: Mouse) -> None:
    open_page(page, server, "compare", lang="en", places="country")
    box = keyed(page, "compare_places", "input")
    hand.choose(box, "Khon Kaen")
    hand.choose(keyed(page, "compare_places", "input"), "Songkhla")
    page.keyboard.press("Escape")
    assert query_of(page)["places"] == "country~40~90"
    legend = page.locator(".st-key-compare_grant_coverage_trend .sb-legend").text_content() or ""
    assert "Khon Kaen" in legend
    assert "Songkhla" in legend


def test_maps_of_four_semesters_on_one_scale(page: Page, server: Server, hand: Mouse) -> None:
    open_page(page, server, "grants", lang="en", measure="grant.coverage")
    side = page.get_by_role("radio", name="Side by side").or_(page.get_by_role("button", name="Side by side")).first
    if isinstance(hand, Keys):
        hand.reach(page.locator(".st-key-grants_map_mode [role=radio], .st-key-grants_map_mode button").first)
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(200)
        if "map" not in query_of(page):
            page.keyboard.press("Enter")
    else:
        side.click()
    page.wait_for_url(re.compile("map=split"), timeout=PATIENCE)
    settled(page)
    expect(page.locator(".st-key-grants_map_split .sb-land")).to_have_count(4, timeout=PATIENCE)


# ---- programme managers ---------------------------------------------------------------------------------------------------
def test_the_schools_of_a_pilot_province_with_their_export(page: Page, server: Server, hand: Mouse, tmp_path: Path) -> None:
    open_page(page, server, "pilot_areas", lang="en", province="40", tab="school")
    hand.write(keyed(page, "pilots_text", "input"), "Kranuan")
    expect(page.get_by_text(re.compile(r"^1–\d+ of \d+$"))).to_be_visible()
    open_menu_of(page, hand, "pilots_school_csv")
    with page.expect_download() as waiting:
        hand.press(keyed(page, "pilots_school_csv"))
    rows = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) > 1
    assert all("Kranuan" in row and "DEMONSTRATION DATA" in row for row in rows[1:])


def test_what_needs_attention_says_why(page: Page, server: Server, hand: Mouse) -> None:
    open_page(page, server, "pilot_areas", lang="en")
    first = page.locator(".st-key-attention .sb-pick").first
    name = first.evaluate("e => e.lastChild.textContent").strip()  # behind the icon
    hand.press(first)
    page.wait_for_url(re.compile(r"province=\d\d"), timeout=PATIENCE)
    settled(page)
    expect(page.get_by_text(re.compile(rf"^Showing .*{re.escape(name)}"))).to_be_visible()


def test_a_kept_view_with_a_signed_note_opens_as_it_was(page: Page, own_server: Server, hand: Mouse) -> None:
    name = f"Khon Kaen {dt.datetime.now():%H%M%S%f}"
    open_page(page, own_server, "grants", lang="en", province="40")
    hand.press(button(page, "This view"))
    hand.write(keyed(page, "keeping_name", "input"), name)
    hand.press(keyed(page, "keeping_keep"))
    page.keyboard.press("Escape")
    follow(page, "kept_views", "en")
    settled(page)
    card = page.locator("[class*='st-key-kept_']").filter(has_text=name).first
    hand.press(card.get_by_role("button", name="Write a note"))
    hand.write(page.locator("[class*='st-key-kept_text_'] textarea").first, "Fell because two schools closed")
    hand.write(page.locator("[class*='st-key-kept_by_'] input").first, "Somchai")
    hand.press(page.get_by_role("button", name="Sign and save"))
    page.keyboard.press("Escape")
    expect(card.get_by_text(re.compile("— Somchai"))).to_be_visible()
    hand.press(card.get_by_role("link", name="Open as it was when this was written"))
    page.wait_for_url(re.compile("/grants.*at=r"), timeout=PATIENCE)
    assert query_of(page)["province"] == "40"


@pytest.mark.parametrize(("name", "inside"), [("Search", "search_text"), ("This view", "keeping_name")])
def test_a_menu_beside_the_title_opens_by_keyboard_and_gives_the_focus_back(
    page: Page, server: Server, name: str, inside: str
) -> None:
    open_page(page, server, "grants", lang="en")
    button(page, name).focus()
    page.keyboard.press("Enter")
    expect(keyed(page, inside, "input")).to_be_visible(timeout=PATIENCE)
    settled(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button(page, name)).to_be_focused()
    assert page.evaluate("document.documentElement.lang") == "en"


# ---- presenters -------------------------------------------------------------------------------------------------------------
def without_stories(server: Server) -> None:
    """Take away what an earlier test has made, which this reader would go on with; the examples stay."""
    for path in (server.home / "stories").glob("*"):
        if not path.name.startswith(tuple(EXAMPLES)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_a_story_from_three_views_is_worded_and_presented(page: Page, own_server: Server, hand: Mouse) -> None:
    without_stories(own_server)
    open_page(page, own_server, "grants", lang="en", period="2568-1")
    open_menu_of(page, hand, "grants_story")
    hand.press(keyed(page, "grants_story"))
    expect(page.get_by_role("dialog")).to_be_hidden(timeout=PATIENCE)  # it closes, and the head names how many there are
    expect(button(page, "Story · 1")).to_be_visible(timeout=PATIENCE)
    page.reload()
    settled(page)
    open_menu_of(page, hand, "grants_trend_story")
    hand.press(keyed(page, "grants_trend_story"))
    expect(button(page, "Story · 2")).to_be_visible(timeout=PATIENCE)  # the same story after a reload
    hand.press(button(page, "This view"))
    hand.press(keyed(page, "keeping_story"))
    page.keyboard.press("Escape")
    follow(page, "mou_review", "en")
    settled(page)
    assert page.locator(SLIDES).get_by_role("radio").count() == 3
    hand.write(page.locator("[class*='st-key-review_title_'] input").last, "Who was reached")
    expect(page.locator(SLIDES)).to_contain_text("1 · Who was reached", timeout=PATIENCE)
    hand.press(keyed(page, "review_move1"))
    expect(page.locator(SLIDES)).to_contain_text("2 · Who was reached", timeout=PATIENCE)
    slides = page.locator(SLIDES).get_by_role("radio")
    slides.nth(1).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(slides.nth(2)).to_contain_text("3 · Who was reached", timeout=PATIENCE)
    settled(page)
    slides.nth(2).drag_to(slides.nth(0))
    expect(slides.nth(0)).to_contain_text("1 · Who was reached", timeout=PATIENCE)
    settled(page)
    present(page, hand)


MOST_CLICKS = 15


def test_six_views_of_five_pages_are_a_story_within_fifteen_clicks(page: Page, own_server: Server) -> None:
    """On each page the buttons that stand beside Download; between pages the navigation, a menu and a page of it."""
    without_stories(own_server)
    page.add_init_script("addEventListener('click', () => sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1, true)")
    hand = Mouse(page)
    wanted = {"grants": ("grants", "grants_trend"), "schools": ("schools",), "early_childhood": ("childhood",)}
    wanted |= {"learning_loss": ("learning_z",), "targets": ("targets",)}
    open_page(page, own_server, "grants", lang="en")
    added = 0
    for name, views in wanted.items():
        if added:
            follow(page, name, "en")
            settled(page)
        for view in views:
            hand.press(page.locator(f".st-key-{view}_menu .sb-beside"))
            added += 1
            expect(button(page, f"Story · {added}")).to_be_visible(timeout=PATIENCE)
        if name == "schools":
            page.reload()  # what is being filled is kept
            settled(page)
            expect(button(page, f"Story · {added}")).to_be_visible(timeout=PATIENCE)
    assert added == 6
    assert int(page.evaluate("sessionStorage.clicks")) <= MOST_CLICKS


def present(page: Page, hand: Mouse) -> None:
    """Turn the pages by the keys that a remote sends, there and back, black and notes, and end."""
    expect(page.locator('[data-part="start"]')).to_be_enabled()
    page.context.set_offline(True)  # a lost connection does not stop a meeting
    hand.press(page.locator('[data-part="start"]'))
    place, picture = page.locator('[data-part="place"]'), page.locator('[data-part="picture"]')
    expect(picture).to_be_visible()
    turned = (("Home", 1), ("PageDown", 2), ("End", 5), ("PageDown", 5), ("PageUp", 4), ("3", 4), ("Enter", 3))
    for key, shown in turned:  # a cover, three slides, the sources
        page.keyboard.press(key)
        assert place.inner_text() == f"{shown} / 5"
    assert picture.get_attribute("alt")
    page.wait_for_function(
        "e => e.naturalWidth >= 1900", arg=picture.element_handle(), timeout=PATIENCE
    )  # decoded a moment later
    page.keyboard.press("b")
    expect(picture).to_be_hidden()
    page.keyboard.press("b")
    with page.expect_popup() as opened:  # what only the presenter sees stands in a window of its own
        page.keyboard.press("s")
    desk = opened.value
    expect(desk.locator("img")).to_have_count(2)
    desk.keyboard.press("ArrowRight")
    assert place.inner_text() == "4 / 5"
    expect(desk.locator("body")).to_contain_text("No notes for this slide.")
    page.bring_to_front()
    page.keyboard.press("Escape")
    expect(page.locator('[data-part="stage"]')).to_be_hidden()
    expect(page.locator('[data-part="start"]')).to_be_focused()
    page.context.set_offline(False)


def test_hand_outs_are_what_was_shown(page: Page, own_server: Server, hand: Mouse) -> None:
    without_stories(own_server)
    open_page(page, own_server, "grants", lang="th", period="2568-1")
    hand.press(button(page, "มุมมองนี้"))
    hand.press(keyed(page, "keeping_story"))
    page.keyboard.press("Escape")
    follow(page, "mou_review", "th")
    settled(page)
    files = {}
    for kind in ("pptx", "pdf", "xlsx", "png"):
        with page.expect_download() as waiting:
            hand.press(keyed(page, f"review_{kind}"))
        files[kind] = waiting.value.path()
    deck = Presentation(str(files["pptx"]))
    words = " ".join(s.text_frame.text for s in deck.slides[1].shapes if s.has_text_frame)  # after the cover
    assert "ข้อมูลสาธิต" in words
    links = [r.target_ref for slide in deck.slides for r in slide.part.rels.values() if r.is_external]
    assert own_server.url.rpartition(":")[2] in str(links)
    said = "".join("".join(p.extract_text().split()) for p in PdfReader(files["pdf"]).pages)
    assert "ผู้รับเงินอุดหนุนปัจจัยพื้นฐาน" in said
    assert zipfile.ZipFile(files["png"]).namelist()[0].endswith("-01.png")
    assert zipfile.ZipFile(files["xlsx"]).testzip() is None


def test_a_frozen_story_stays_when_the_data_change_and_says_so(
    page: Page, own_server: Server, hand: Mouse, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    without_stories(own_server)
    open_page(page, own_server, "grants", lang="en", period="2568-1")
    open_menu_of(page, hand, "grants_tier_story")
    hand.press(keyed(page, "grants_tier_story"))
    page.keyboard.press("Escape")
    follow(page, "mou_review", "en")
    settled(page)
    shown = page.locator(SLIDES).inner_text()
    words = page.locator("[class*='st-key-review_text_'] textarea").input_value()
    story = query_of(page)["story"]
    monkeypatch.setenv("SAMOEPHAK_HOME", str(own_server.home))
    old = releases.require_release()
    small.publish(small.tables())
    request.addfinalizer(partial(releases.rollback, old.id))  # for the next test on this server
    open_page(page, own_server, "mou_review", lang="en", story=story)
    expect(page.get_by_text(re.compile("Newer data are out: published")).first).to_be_visible()
    assert page.locator(SLIDES).inner_text() == shown
    assert page.locator("[class*='st-key-review_text_'] textarea").input_value() == words
    hand.press(page.locator('[data-testid="stExpander"] summary').filter(has_text="What has changed since"))
    expect(page.get_by_role("region", name=re.compile("^Numbers of the story"))).to_be_visible()
    page.goto(page.get_by_role("link", name="Open this view").get_attribute("href"))
    settled(page)
    assert query_of(page)["at"] == old.id
    assert page_of(page) == "grants"
    expect(page.get_by_text(re.compile("As it was: data published")).first).to_be_visible()
