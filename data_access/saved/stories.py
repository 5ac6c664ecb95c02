"""Stories for a meeting: views put in order, frozen with the numbers that they showed and the release that those come from.

A slide holds everything that was on the screen: picture, table, words, facts. Reopening it therefore shows exactly what was
shown, whatever has been published since. The questions behind the numbers are kept beside it, so that today's answers can be
set against those of the meeting.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from data_access.contract.errors import SamoephakError, UsageError
from data_access.contract.national_ids import typed
from data_access.contract.periods import PERIOD_KEYS
from data_access.programmes.indicators import REGISTRY
from data_access.questions import reach
from data_access.questions.query import query
from data_access.questions.recorded import Ask, ask_of
from data_access.saved.json_store import Deleted
from data_access.saved.story_shelf import MOST_SLIDES, SHELF
from data_access.who.access import EVERYWHERE, OPERATOR, PRESENTER, Person, Scope
from i18n import N_

MOST_ROWS, LONGEST_TITLE, LONGEST_TEXT = 500, 160, 3000
VERSION, JUDGED_FROM, DESCRIBED_FROM = 3, 2, 3
"""From 2 on `Slide.detail` was judged by `data_access.questions.reach` when the slide was frozen; older slides are judged when they are read. From 3 on
`Slide.chart` is the description of the figure; before, it was guessed from the table, and is left out: the slide keeps its picture."""
EDITABLE = ("title", "subtitle", "text", "notes", "section")
_LOCK = threading.RLock()
Cell = str | float | int | None


@dataclass(frozen=True)
class Slide:
    """One view, frozen.

    Attributes:
        title: what the view says, in a sentence, until somebody writes another; `subtitle` is what it shows.
        section: the part of the story that begins with this slide; empty within one.
        text: what stands on the slide; the generated sentences until somebody writes others.
        alt: the generated sentences, which stand in for the picture.
        notes: what only the presenter sees.
        facts: (label, words) as every export prints them: filters, as-of, release, source, suppression, demo mark.
        columns, rows: the numbers behind the picture as a table; `left_out` rows were too many.
        address: page and parameters that open the view, on the release of the story.
        remarks: what must be read with the picture, such as the events that its numbers stand for.
        chart: what the figure says (`charts.description`), of which slide programs draw their own; None for pictures and tables.
        tones: how the matter of each row stands (`good`, `late`, `neither`, `info`), for tables that tell it in their last column.
        asks: the questions that the numbers answer; empty for views that no single question makes.
        detail: the provinces (codes) whose smaller places the slide shows; `*` for those of the whole country (`data_access.questions.reach`).
    """

    title: str
    text: str
    alt: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    address: str
    lang: str
    detail: tuple[str, ...]
    demo: str = ""
    notes: str = ""
    left_out: int = 0
    remarks: str = ""
    chart: dict[str, Any] | None = None
    tones: tuple[str, ...] = ()
    subtitle: str = ""
    section: str = ""
    asks: tuple[Ask, ...] = ()
    has_picture: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(6))

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "section"):
            object.__setattr__(self, name, typed(getattr(self, name), LONGEST_TITLE))
        for name in ("text", "notes"):
            object.__setattr__(self, name, typed(getattr(self, name), LONGEST_TEXT))

    def shown_to(self, scope: Scope) -> bool:
        """Whether somebody with this scope may see the slide."""
        return all(scope.covers(place) for place in self.detail)  # `*` is in no scope but that of everywhere


@dataclass(frozen=True)
class Story:
    """Slides in order. `release` is empty until the first slide fixes it; `version` counts the changes.

    Attributes:
        occasion: what the cover says under the title: the meeting, its place and day.
        decisions: what is asked of the meeting, a line each; they are the last but one page.
    """

    title: str
    release: str = ""
    as_of: str = ""
    slides: tuple[Slide, ...] = ()
    created: str = ""
    version: int = 0
    occasion: str = ""
    decisions: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(6))

    def __post_init__(self) -> None:
        for name, longest in (("title", LONGEST_TITLE), ("occasion", LONGEST_TITLE), ("decisions", LONGEST_TEXT)):
            object.__setattr__(self, name, typed(getattr(self, name), longest))
        if not self.title:
            raise UsageError(N_("A story needs a title"))

    def at(self, slide_id: str) -> int:
        """The position of a slide; raises UsageError when it has been taken out."""
        for position, slide in enumerate(self.slides):
            if slide.id == slide_id:
                return position
        raise UsageError(N_("That slide is no longer in the story"))


# ---- on disk ----------------------------------------------------------------------------------------------------------
def to_json(story: Story) -> str:
    """A story as the text of its file; pictures stand beside it."""
    return json.dumps({"format": VERSION, **asdict(story)}, ensure_ascii=False)


def from_json(text: str, story_id: str) -> Story:
    """A story from the text of its file; raises UsageError when it is damaged."""
    try:
        content = json.loads(text)
        made = int(content.pop("format"))
        slides = tuple(_slide(s, made) for s in content.pop("slides"))
        story = Story(**content, slides=slides)
        return story if made >= JUDGED_FROM else replace(story, slides=tuple(_judged(s, story.release) for s in slides))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SHELF.damaged(story_id) from error


def _slide(content: dict[str, Any], made: int) -> Slide:
    chart, asks = content.pop("chart"), content.pop("asks")
    content.pop("is_map", None)
    for name in ("facts", "rows"):
        content[name] = tuple(tuple(row) for row in content[name])
    lists = {
        name: tuple(content.get(name, default)) for name, default in (("columns", ()), ("tones", ()), ("detail", (reach.ALL,)))
    }
    return Slide(**{**content, **lists}, chart=chart if made >= DESCRIBED_FROM else None, asks=tuple(map(ask_of, asks)))


def _judged(slide: Slide, release: str) -> Slide:
    """A slide that was frozen before slides were judged by their columns, never shown to more people than it was."""
    found = reach.of_table(slide.columns, slide.rows, release, slide.asks, slide.address)
    cut = {reach.ALL} if found and slide.left_out else set()  # where the rows lie that the slide has no room for is not known
    return replace(slide, detail=tuple(sorted({*slide.detail, *found, *cut})))


def load(story_id: str) -> Story:
    """A saved story; raises UsageError when there is none or its file is damaged."""
    path = SHELF.path(story_id)
    seen = path.stat() if path.is_file() else None
    return _read(str(path), (seen.st_mtime_ns, seen.st_size) if seen else (0, 0))


@lru_cache(maxsize=256)
def _read(path: str, _changed: tuple[int, int]) -> Story:
    """A story, parsed once a change of its file: the page lists all of them on every run."""
    story_id = Path(path).stem
    return from_json(SHELF.read(story_id), story_id)


def saved() -> dict[str, Story]:
    """Every story that can be read, id -> story, the latest first."""
    return dict(sorted(SHELF.readable(load).items(), key=lambda item: item[1].created, reverse=True))


def create(title: str, by: Person = OPERATOR, story_id: str = "") -> Story:
    """A new story without slides; its id is drawn where none is given."""
    story = Story(title, created=dt.datetime.now().isoformat(timespec="seconds"), id=story_id or secrets.token_hex(6))
    SHELF.write(story.id, to_json(story), by)
    return story


def delete(story_id: str, by: Person) -> Deleted:
    """Put a story and its pictures into the bin (`data_access.saved.json_store`)."""
    try:
        name = load(story_id).title
    except UsageError:
        name = ""  # damaged
    return SHELF.delete(story_id, name, by)


def picture_path(story_id: str, slide_id: str) -> Path:
    """Where the picture of a slide stands."""
    return SHELF.path(story_id).with_suffix("") / f"{slide_id}.png"


# ---- changing -----------------------------------------------------------------------------------------------------------
def _change(story_id: str, change: Callable[[Story], Story]) -> Story:
    """Apply a change to the story as it is now: what another person did meanwhile is kept."""
    with _LOCK:
        before = from_json(SHELF.read(story_id), story_id)  # never what was parsed before: a clock may tick too slowly
        after = replace(change(before), version=before.version + 1)
        SHELF.write(story_id, to_json(after))
    return after


def add(story_id: str, slide: Slide, picture: bytes | None, release: str, as_of: str) -> Story:
    """Put a view at the end of a story and freeze the story on the view's release.

    Raises:
        UsageError: the story shows another release, or is full.
    """

    def change(story: Story) -> Story:
        if story.slides and story.release != release:
            raise UsageError(
                N_(
                    "The story is frozen on release {old} and this view shows {new}; open the view as it was then, or begin a new story"
                ),
                old=story.release,
                new=release,
            )
        if len(story.slides) >= MOST_SLIDES:
            raise UsageError(N_("A story has at most {n} slides"), n=MOST_SLIDES)
        return replace(
            story, release=release, as_of=as_of, slides=(*story.slides, replace(slide, has_picture=picture is not None))
        )

    if picture is not None:
        path = picture_path(story_id, slide.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)
    return _change(story_id, change)


def edit(story_id: str, slide_id: str, part: Literal["title", "subtitle", "text", "notes", "section"], words: str) -> Story:
    """Write other words for a slide; numbers and picture stay as they are."""

    def change(story: Story) -> Story:
        position = story.at(slide_id)
        slides = list(story.slides)
        given: dict[str, Any] = {part: words} if part in EDITABLE else {}
        slides[position] = replace(slides[position], **given)
        return replace(story, slides=tuple(slides))

    return _change(story_id, change)


def move(story_id: str, slide_id: str, step: int) -> Story:
    """Move a slide towards the beginning (negative) or the end."""

    def change(story: Story) -> Story:
        slides = list(story.slides)
        slide = slides.pop(position := story.at(slide_id))
        slides.insert(min(max(position + step, 0), len(slides)), slide)
        return replace(story, slides=tuple(slides))

    return _change(story_id, change)


def remove(story_id: str, slide_id: str, by: Person = OPERATOR) -> Story:
    """Take a slide out; a story without slides is free of its release again.

    Raises:
        UsageError: it has been taken out before, or `by` does not see it.
    """

    def change(story: Story) -> Story:
        replace(story, slides=tuple(s for s in story.slides if s.shown_to(by.scope))).at(slide_id)
        kept = tuple(s for s in story.slides if s.id != slide_id)
        return replace(story, slides=kept) if kept else replace(story, slides=(), release="", as_of="")

    after = _change(story_id, change)
    picture_path(story_id, slide_id).unlink(missing_ok=True)
    return after


def rename(story_id: str, title: str) -> Story:
    """Give the story another title."""
    return describe(story_id, title=title)


def describe(story_id: str, **words: str) -> Story:
    """Write the story's title, occasion or decisions."""
    given: dict[str, Any] = {name: words[name] for name in ("title", "occasion", "decisions") if name in words}
    return _change(story_id, lambda story: replace(story, **given))


# ---- then and now ---------------------------------------------------------------------------------------------------------
def seen_by(story: Story, person: Person) -> Story:
    """The story without the slides that a person's scope does not reach; without the notes for somebody who presents nothing."""
    kept = tuple(s for s in story.slides if s.shown_to(person.scope))
    return replace(story, slides=kept if person.may(PRESENTER) else tuple(replace(s, notes="") for s in kept))


def differences(story: Story, release: str) -> pd.DataFrame:
    """The numbers of a story that another release answers differently.

    Returns:
        One row a cell that differs: slide (its number), title, indicator, keys (codes as `key=code`, comma-separated), period,
        before, before_state, after, after_state. Cells that one side lacks have the state `absent` there. Slides without
        questions are not compared; see `compared`.
    """
    parts = [
        ask_differences(ask, story.release, release).assign(slide=number, title=slide.title)
        for number, slide in enumerate(story.slides, start=1)
        for ask in slide.asks
    ]
    columns = ["slide", "title", "indicator", "keys", "period", "before", "before_state", "after", "after_state"]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found[columns].drop_duplicates(["slide", "indicator", "keys", "period"], ignore_index=True)


def compared(story: Story) -> int:
    """How many slides `differences` can set against another release."""
    return sum(bool(s.asks) for s in story.slides)


def of_all_periods(ask: Ask) -> list[Ask]:
    """The same question about every period of the kind that it asks about, or of the first kind that the indicator has."""
    out = []
    for indicator in ask.indicators:
        named = next((k for k, _codes in ask.where if k in PERIOD_KEYS), None)
        key = named or next(iter(REGISTRY[indicator].periods), None)
        where = tuple((k, codes) for k, codes in ask.where if k not in PERIOD_KEYS)
        out.append(Ask((indicator,), tuple(dict.fromkeys([*ask.by, *([key] if key else [])])), where))
    return out


def ask_differences(ask: Ask, old: str, new: str, scope: Scope = EVERYWHERE) -> pd.DataFrame:
    """The cells of one question that two releases answer differently, as in `differences`."""
    sides = [_answers(ask, r, scope) for r in (old, new)]
    both = sides[0].merge(sides[1], on=["indicator", "keys", "period"], how="outer", suffixes=("_old", "_new"))
    both = both.rename(
        columns={"value_old": "before", "value_new": "after", "state_old": "before_state", "state_new": "after_state"}
    )
    for name in ("before_state", "after_state"):
        both[name] = both[name].fillna("absent")
    same = (both["before"] == both["after"]) | (both["before"].isna() & both["after"].isna())
    return both[~same | (both["before_state"] != both["after_state"])]


def _answers(ask: Ask, release: str, scope: Scope) -> pd.DataFrame:
    where = {key: list(codes) if len(codes) > 1 else codes[0] for key, codes in ask.where}
    parts = []
    for indicator in ask.indicators:
        try:
            parts.append(query(indicator, ask.by, where, release, scope))
        except SamoephakError:
            continue  # an indicator or place that this release does not know: its cells are absent there
    empty = pd.DataFrame(columns=["indicator", "keys", "period", "value", "state"])
    if not parts:
        return empty.astype({"value": float})
    frame = pd.concat(parts, ignore_index=True)
    keys = [",".join(f"{k}={c}" for k, c in zip(ask.by, codes, strict=True)) for codes in frame[list(ask.by)].to_numpy()]
    return frame.assign(keys=keys if ask.by else "")[list(empty.columns)]
