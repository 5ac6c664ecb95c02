"""Stories: frozen on a release, changed by several hands, compared with another release; kept views and their notes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data_access.contract.errors import UsageError
from data_access.questions.query import query
from data_access.questions.recorded import Ask
from data_access.saved import saved_views, stories
from data_access.saved.stories import Slide, Story
from data_access.store.releases import Release
from data_access.who.access import OPERATOR
from tests.data_access import small

PICTURE = b"\x89PNG not really"


def slide(title: str = "ผู้รับทุน", **more: object) -> Slide:
    content: dict = {
        "text": "สามประโยค",
        "alt": "สามประโยค",
        "facts": (("ชื่อ", title), ("ตัวกรอง", "1/2565")),
        "columns": ("จังหวัด", "ค่า"),
        "rows": (("ที่นั่น", 1.5), ("น้ำปู่", None)),
        "address": "grants?province=40",
        "lang": "th",
        "detail": (),
        "chart": {"kind": "bars", "series": [{"values": [1.0, None]}]},
        "asks": (Ask.of("grant.basic_recipients", ("province",), {"semester": "2565-1"}),),
    }
    return Slide(title=title, **{**content, **more})


@pytest.fixture
def story(empty_home: Path) -> Story:
    return stories.create("ทบทวน MOU")


def test_a_story_comes_back_as_it_was_saved(story: Story) -> None:
    made = slide()
    stories.add(story.id, made, PICTURE, "r1", "2025-09-30")
    found = stories.load(story.id)
    assert found.slides == (Slide(**{**made.__dict__, "has_picture": True}),)
    assert (found.release, found.as_of, found.version) == ("r1", "2025-09-30", 1)
    assert stories.picture_path(story.id, made.id).read_bytes() == PICTURE


def test_a_story_is_frozen_on_the_release_of_its_first_slide(story: Story) -> None:
    first = slide()
    stories.add(story.id, first, None, "r1", "2025-09-30")
    with pytest.raises(UsageError, match="frozen on release r1"):
        stories.add(story.id, slide(), None, "r2", "2025-12-31")
    stories.remove(story.id, first.id)
    assert stories.add(story.id, slide(), None, "r2", "2025-12-31").release == "r2"


def test_slides_are_moved_worded_and_taken_out(story: Story) -> None:
    made = [slide(t) for t in "กขค"]
    for one in made:
        stories.add(story.id, one, PICTURE, "r1", "2025-09-30")
    stories.move(story.id, made[2].id, -1)
    stories.move(story.id, made[0].id, -5)  # already the first: stays
    stories.edit(story.id, made[0].id, "notes", "พูดช้า ๆ")
    after = stories.remove(story.id, made[1].id)
    assert [s.title for s in after.slides] == ["ก", "ค"]
    assert after.slides[0].notes == "พูดช้า ๆ"
    assert after.slides[0].rows == made[0].rows  # numbers are not to be edited
    assert not stories.picture_path(story.id, made[1].id).exists()
    with pytest.raises(UsageError, match="no longer"):
        stories.edit(story.id, made[1].id, "text", "x")


def test_what_another_person_added_meanwhile_is_kept(story: Story) -> None:
    stale = stories.load(story.id)
    stories.add(story.id, slide("ก"), None, "r1", "2025-09-30")
    stories.add(stale.id, slide("ข"), None, "r1", "2025-09-30")
    assert [s.title for s in stories.load(story.id).slides] == ["ก", "ข"]


def test_a_story_has_limits(story: Story) -> None:
    for _n in range(stories.MOST_SLIDES):
        stories.add(story.id, slide(), None, "r1", "2025-09-30")
    with pytest.raises(UsageError, match=str(stories.MOST_SLIDES)):
        stories.add(story.id, slide(), None, "r1", "2025-09-30")
    with pytest.raises(UsageError, match="title"):
        stories.create("   ")
    assert len(slide("ก" * 999).title) == stories.LONGEST_TITLE


@pytest.mark.parametrize("wrong", ["../../etc/passwd", "", "zzzz", "0123456789ab", "0123456789AB"])
def test_only_saved_ids_open_a_story(wrong: str, empty_home: Path) -> None:
    with pytest.raises(UsageError, match="Nothing is saved"):
        stories.load(wrong)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 1, "title": "x", "slides": [{}]}', "\x00"])
def test_a_damaged_file_is_said_and_hides_no_other(text: str, story: Story) -> None:
    damaged = "0" * 12
    stories.SHELF.path(damaged).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="damaged"):
        stories.load(damaged)
    assert list(stories.saved()) == [story.id]


def test_deleting_takes_the_pictures_along(story: Story) -> None:
    one = slide()
    stories.add(story.id, one, PICTURE, "r1", "2025-09-30")
    stories.delete(story.id, OPERATOR)
    assert not stories.picture_path(story.id, one.id).parent.exists()
    assert stories.saved() == {}


# ---- then and now ----------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def two_releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Release, Release]:
    home = tmp_path_factory.mktemp("two")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(home))
        old = small.publish(small.tables(0))
        new = small.publish(small.tables(1))
    return home, old, new


@pytest.fixture
def releases_at_hand(two_releases: tuple[Path, Release, Release], monkeypatch: pytest.MonkeyPatch) -> tuple[Release, Release]:
    monkeypatch.setenv("SAMOEPHAK_HOME", str(two_releases[0]))
    return two_releases[1:]


def test_differences_are_the_cells_that_the_other_release_answers_otherwise(releases_at_hand: tuple[Release, Release]) -> None:
    old, new = releases_at_hand
    story = Story("x", release=old.id, slides=(slide(),))
    found = stories.differences(story, new.id).set_index("keys")
    sides = {
        r.id: query("grant.basic_recipients", ("province",), {"semester": "2565-1"}, r.id).set_index("province")
        for r in (old, new)
    }
    for province, then in sides[old.id].iterrows():
        now, key = sides[new.id].loc[province], f"province={province}"
        same = then["state"] == now["state"] and (then["value"] == now["value"] or then["value"] != then["value"])
        assert (key in found.index) != same
        if not same:
            assert found.loc[key, "before_state"] == then["state"]
            assert found.loc[key, "after_state"] == now["state"]
    assert len(found) > 0
    assert (found["slide"] == 1).all()


def test_a_story_does_not_differ_from_its_own_release(releases_at_hand: tuple[Release, Release]) -> None:
    old = releases_at_hand[0]
    assert stories.differences(Story("x", release=old.id, slides=(slide(),)), old.id).empty


def test_what_the_other_release_lacks_is_absent_not_nought(releases_at_hand: tuple[Release, Release]) -> None:
    old, new = releases_at_hand
    ask = Ask.of("grant.basic_recipients", ("semester",), {"semester": ["2565-1", "2569-1"]})
    found = stories.differences(Story("x", release=old.id, slides=(slide(asks=(ask,)),)), new.id)
    assert set(found["before_state"]) <= {"value", "absent", "not_collected"}
    gone = Ask.of("no.such_indicator")
    assert stories.differences(Story("x", release=old.id, slides=(slide(asks=(gone,)),)), new.id).empty


def test_slides_without_questions_are_counted_as_not_compared() -> None:
    assert stories.compared(Story("x", slides=(slide(), slide(asks=())))) == 1


# ---- kept views --------------------------------------------------------------------------------------------------------------
def test_a_kept_view_carries_dated_signed_notes_with_their_release(empty_home: Path) -> None:
    view = saved_views.keep("ขอนแก่น", "grants", {"province": "40", "lang": "en"})
    saved_views.note(view.id, "ลดลงเพราะปิดโรงเรียน", "สมชาย", "r1")
    saved_views.note(view.id, "แก้แล้ว", "สมหญิง", "r2")
    found = saved_views.load(view.id)
    assert dict(found.query) == {"province": "40", "lang": "en"}
    assert [(n.by, n.release) for n in found.notes] == [("สมชาย", "r1"), ("สมหญิง", "r2")]
    assert all(n.at[:4].isdigit() for n in found.notes)


@pytest.mark.parametrize(("text", "by"), [("", "ก"), ("ก", ""), ("  ", " ")])
def test_a_note_is_neither_empty_nor_unsigned(text: str, by: str, empty_home: Path) -> None:
    view = saved_views.keep("x", "grants", {})
    with pytest.raises(UsageError, match="name of its writer"):
        saved_views.note(view.id, text, by, "r1")


def test_pinned_views_come_first_and_a_damaged_one_hides_none(empty_home: Path) -> None:
    first, second = saved_views.keep("ก", "grants", {}), saved_views.keep("ข", "schools", {})
    saved_views.pin(second.id, True)
    saved_views.SHELF.path("f" * 12).write_text(json.dumps({"name": "x"}), encoding="utf-8")
    assert [v.id for v in saved_views.saved()] == [second.id, first.id]
    saved_views.delete(second.id, OPERATOR)
    assert [v.id for v in saved_views.saved()] == [first.id]


def test_a_chart_that_was_guessed_from_the_table_is_left_out(story: Story) -> None:
    """Stories of before version 3 keep their pictures alone."""
    stories.add(story.id, slide(), PICTURE, "r1", "2025-09-30")
    path = stories.SHELF.path(story.id)
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 3', '"format": 2'), encoding="utf-8")
    (found,) = stories.load(story.id).slides
    assert found.chart is None
    assert found.has_picture


def test_words_of_the_cover_and_of_sections_are_kept(story: Story) -> None:
    stories.add(story.id, slide(), PICTURE, "r1", "2025-09-30")
    stories.describe(story.id, occasion="ประชุมครั้งที่ 3", decisions="เห็นชอบ\nมอบหมาย")
    (one,) = stories.load(story.id).slides
    after = stories.edit(story.id, one.id, "section", "ทุน")
    assert (after.occasion, after.decisions, after.slides[0].section) == ("ประชุมครั้งที่ 3", "เห็นชอบ\nมอบหมาย", "ทุน")
