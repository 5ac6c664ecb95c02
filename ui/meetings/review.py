"""The review of the agreement: choose a story, order and word its slides, present them, hand them out, compare with today."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

import geo
import handouts
from charts.describe import difference
from charts.theme import cell_words
from data_access.contract.periods import PERIOD_KEYS
from data_access.saved import stories
from data_access.saved.stories import Slide, Story
from data_access.store import releases
from data_access.who.access import PRESENTER, VIEWER
from i18n import N_, format_date, format_number, format_percent
from ui.blocks import blocks, fields
from ui.entry import person
from ui.kit import data, filling, linked, tables
from ui.kit import slides as slide_making
from ui.meetings import presenter, saved_views
from ui.meetings.templates import TEMPLATES, Draw, fill
from ui.view import address as addresses
from ui.view import shown
from ui.view.events import act, offer
from ui.view.text import _, lang, style

RATIOS = tuple(handouts.RATIOS)
KINDS = {
    "pptx": (N_("PowerPoint"), ":material/slideshow:"),
    "pdf": (N_("PDF"), ":material/picture_as_pdf:"),
    "xlsx": (N_("Excel"), ":material/table_view:"),
    "png": (N_("Pictures"), ":material/image:"),
}


# ---- which story --------------------------------------------------------------------------------------------------------
def choose(draw: Draw) -> Story | None:
    """The story that the address names, chosen from the saved ones; None while there is none. `draw` draws the pages of templates."""
    who, whole = person.current(), stories.saved() if person.may(VIEWER) else {}
    saved = {i: stories.seen_by(s, who) for i, s in whole.items()}
    filled = slide_making.chosen()
    wanted = addresses.get("story") or (filled.id if filled else None)
    mine = [i for i, s in saved.items() if s.slides and s.slides[0].lang == lang()]
    chosen = wanted if wanted in saved else next(iter([*mine, *saved]), None)
    st.session_state["review_story"] = chosen
    titles = linked.told_apart({i: _title(s) for i, s in saved.items()})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Story"),
            list(saved),
            key="review_story",
            index=None,
            format_func=titles.__getitem__,
            placeholder=_("No story yet"),
            on_change=lambda: _open(st.session_state["review_story"]),
            width=460,
        )
        if person.may(PRESENTER):
            with st.popover(_("New story"), icon=":material/add:"):
                st.text_input(_("Title"), key="review_new", max_chars=stories.LONGEST_TITLE)
                kinds = {"": _("Empty"), **{name: _(template.title) for name, template in TEMPLATES.items()}}
                st.radio(_("Begin with the slides of"), list(kinds), format_func=kinds.__getitem__, key="review_template")
                places = {"": _("Whole country"), **{c: geo.name(c, lang()) for c in geo.provinces().index}}
                st.selectbox(_("Province"), list(places), format_func=places.__getitem__, key="review_place")
                st.button(_("Begin"), key="review_begin", type="primary", on_click=_begin, args=(draw,))
        if chosen and person.may(PRESENTER):
            with st.popover(_("Rename or delete"), icon=":material/edit:"):
                st.text_input(
                    _("Title"),
                    value=saved[chosen].title,
                    key=f"review_title_{chosen}",
                    max_chars=stories.LONGEST_TITLE,
                    on_change=lambda: person.said(PRESENTER, stories.rename, chosen, st.session_state[f"review_title_{chosen}"]),
                )
                st.button(_("Delete"), key="review_delete", icon=":material/delete:", on_click=_delete, args=(chosen,))
    if chosen:
        st.session_state[filling.STORY] = chosen
        if addresses.get("story") != chosen:
            addresses.put(story=chosen)
        if hidden := len(whole[chosen].slides) - len(saved[chosen].slides):
            st.caption(
                ":material/lock_person: "
                + _("{n} slides are left out: they show places outside what you see in detail.", n=format_number(hidden, lang()))
            )
    return saved[chosen] if chosen else None


def _title(story: Story) -> str:
    return f"{story.title} · {_('slides: {n}', n=format_number(len(story.slides), lang()))}"


def _open(story_id: str | None) -> None:
    addresses.put(story=story_id, slide=None)


def _begin(draw: Draw) -> None:
    title, kind, place = (st.session_state[f"review_{name}"] for name in ("new", "template", "place"))
    if begun := person.said(PRESENTER, partial(_made_of, draw, title, kind, place)):
        st.session_state[filling.STORY] = begun.id
        _open(begun.id)
        st.session_state["review_new"] = ""


def _made_of(draw: Draw, title: str, kind: str, place: str) -> Story:
    """A new story: without slides, or with those of a template."""
    if not kind:
        return slide_making.begin(title)
    template = TEMPLATES[kind]
    named = title or " · ".join([_(template.title), *([geo.name(place, lang())] if place else [])])
    parts = {"province": place} if place else {}
    return fill(template, shown.release(), draw, lang=lang(), by=person.current(), title=named, parts=parts)


def _delete(story_id: str) -> None:
    if person.said(PRESENTER, stories.delete, story_id, person.current()) is not None:
        saved_views.said_deleted()
        st.session_state.pop(filling.STORY, None)
        _open(None)


def _take_out(story_id: str, slide_id: str) -> Story:
    return stories.remove(story_id, slide_id, person.current())


# ---- then and now ---------------------------------------------------------------------------------------------------------
@st.cache_data(ttl=data.TTL, max_entries=32, show_spinner=False)
def _differences(_story: Story, key: tuple[str, int, int], release_id: str) -> pd.DataFrame:
    return stories.differences(_story, release_id)


def changes(story: Story) -> pd.DataFrame:
    """What the release that readers see now answers differently, over all periods that a slide shows; empty when it is the story's own."""
    now = releases.require_release()
    if not story.release or now.id == story.release:
        return pd.DataFrame()
    return _differences(story, _version(story), now.id)


def _version(story: Story) -> tuple[str, int, int]:
    """What tells one state of a story from another: its changes, and which slides the person sees of it."""
    return story.id, story.version, hash(tuple(s.id for s in story.slides))


def change_words(found: pd.DataFrame) -> pd.DataFrame:
    """The table of `data_access.saved.stories.differences` in the reader's words."""
    measures = {i: data.measure(i, lang()) for i in found["indicator"].unique()}
    sides = {
        name: [side_words(r[name], r[f"{name}_state"], measures[r["indicator"]]) for r in found.to_dict("records")]
        for name in ("before", "after")
    }
    return pd.DataFrame(
        {
            **({_("Slide"): found["slide"].tolist()} if "slide" in found else {}),
            _("Indicator"): [measures[i].title for i in found["indicator"]],
            _("Group or place"): [_keys(k) for k in found["keys"]],
            _("Period"): [tables.period_words(p, lang()) for p in found["period"]],
            _("Then"): sides["before"],
            _("Now"): sides["after"],
            _("Change"): [change_of(r, measures[r["indicator"]]) for r in found.to_dict("records")],
            _("Change in %"): [share_of(r) for r in found.to_dict("records")],
        }
    )


def share_of(row: dict[Hashable, Any]) -> str:
    """By how much a number differs, in per cent of the one before, with a sign; empty without two numbers above nought."""
    if pd.isna(row["before"]) or pd.isna(row["after"]) or row["before"] <= 0 or row["after"] < 0:
        return ""
    share = row["after"] / row["before"] - 1
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{format_percent(abs(share), lang())}"


def change_numbers(found: pd.DataFrame) -> pd.DataFrame:
    """The same for a workbook, in numbers: `change_words` with both sides, their difference and its share as numbers, rates in per cent."""
    measures = [data.measure(i, lang()) for i in found["indicator"]]
    scale = [100.0 if m.kind == "rate" else 1.0 for m in measures]
    before, after = (found[side].astype(float) * scale for side in ("before", "after"))
    words = change_words(found).drop(columns=[_("Change"), _("Change in %")])
    return words.assign(
        **{
            _("Then, as a number"): before.tolist(),
            _("Now, as a number"): after.tolist(),
            _("Unit"): [m.unit_name(lang()) for m in measures],
            _("Difference"): (after - before).tolist(),
            _("Difference in % of then"): ((after / before.where(before > 0) - 1) * 100).tolist(),
        }
    )


def side_words(value: float, cell_state: str, measure: Any) -> str:
    """One side of a difference: the value, or why there is none."""
    if cell_state == "absent":
        return _("Not in the data")
    return cell_words({"value": value, "state": cell_state, "low": None, "high": None}, measure, style())


def change_of(row: dict[Hashable, Any], measure: Any) -> str:
    """By how much two numbers differ, with a sign; empty where one of them is none."""
    if pd.isna(row["before"]) or pd.isna(row["after"]):
        return ""
    apart = difference(row["before"], row["after"], measure, style())
    return f"{'+' if row['after'] > row['before'] else '−'}{apart}" if apart else _("less than is printed")


def _keys(keys: str) -> str:
    pairs = [k.partition("=") for k in keys.split(",") if k]
    return " · ".join(tables.key_words(key, code, lang()) for key, _sign, code in pairs if key not in PERIOD_KEYS)


def banner(story: Story) -> None:
    """What the story is frozen on, and whether newer data are out, with the difference."""
    if not story.release:
        st.info(
            _(
                "No slide yet. On any page choose “Download → Add to the story” under a figure; the story is then frozen on that release."
            ),
            icon=":material/slideshow:",
        )
        return
    st.caption(
        _(
            "Frozen on the data published {published}, as of {as_of}",
            published=handouts.published(story.release, lang()),
            as_of=format_date(story.as_of, lang()),
        )
    )
    notice = handouts.superseded(story, lang())
    if not notice:
        return
    st.warning(notice, icon=":material/history:")
    found = changes(story)
    with st.expander(_("What has changed since ({n})", n=format_number(len(found), lang())), icon=":material/difference:"):
        st.caption(
            _(
                "{n} of {all} slides come from single questions, which were put again to today's release.",
                n=stories.compared(story),
                all=len(story.slides),
            )
        )
        if len(found):
            tables.show_table(
                "review_changes", change_words(found), _("Numbers of the story that the current release answers differently")
            )
        else:
            st.success(_("Today's release gives the same numbers."), icon=":material/check_circle:")


# ---- slides -----------------------------------------------------------------------------------------------------------------
@st.cache_data(ttl=data.TTL, max_entries=12, show_spinner=False)
def _pictures(_story: Story, key: tuple[str, int, int], ratio: str, base: str, current: str) -> list[bytes]:
    return handouts.pictures(_story, ratio, base)


def pictures(story: Story, ratio: str) -> list[bytes]:
    """The slides as pictures, made once a version of the story."""
    return _pictures(story, _version(story), ratio, base(), releases.require_release().id)


def base() -> str:
    """Scheme and host that this reader's browser used, for links when no setting names them."""
    from data_access.contract.settings import settings

    parts = (st.context.url or "").split("/")
    return settings().public_url or ("/".join(parts[:3]) if len(parts) > 2 else "")


def slides(story: Story, ratio: str) -> None:
    """The rail of slides, the one chosen, and its words beside it."""
    drawn = pictures(story, ratio)[len(handouts.before(story)) :]
    position = _position(story)
    slide, presenting = story.slides[position], person.may(PRESENTER)
    pages, words = st.columns([3, 1.3]) if presenting else (st.container(), None)
    with pages, blocks.together("review_slides"):
        left, right = blocks.columns([1, 4])
        with left:  # in the language that each was made in
            named = [
                (s.id, presenter.address(f"review_rail_{s.id}", picture), f"{number} · {s.title}")
                for number, (s, picture) in enumerate(zip(story.slides, drawn, strict=False), 1)
            ]
            fields.rail(
                "quoted_slides",
                named,
                _("Slides"),
                slide.id,
                offer(addresses.choose, part="slide"),
                offer(move_to, story=story.id),
                movable=presenting,
                help=_("Drag a slide to its place, or hold Alt and press the arrows.") if presenting else "",
            )
        with right:
            blocks.picture(presenter.address("review_slide", drawn[position]), slide.title)
    if words is None:
        st.link_button(_("Open this view"), handouts.view_link(story, slide, base()), icon=":material/open_in_new:")
        return
    with words:
        _buttons(story, slide, position)
        with st.container(key="quoted_words"):
            _words(story, slide)


@act
def move_to(value: list[Any], story: str) -> None:
    """Move a slide to a place among the others."""
    slide_id, place = value

    def moved() -> Story:
        return stories.move(story, slide_id, place - stories.load(story).at(slide_id))

    person.said(PRESENTER, moved)


def _position(story: Story) -> int:
    """Where the slide stands that the address names; the first one otherwise."""
    wanted = addresses.get("slide")
    return next((n for n, s in enumerate(story.slides) if s.id == wanted), 0)


def _buttons(story: Story, slide: Slide, position: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for step, label, icon, off in (
            (-1, _("Move up"), ":material/arrow_upward:", position == 0),
            (1, _("Move down"), ":material/arrow_downward:", position == len(story.slides) - 1),
        ):
            st.button(
                label,
                icon=icon,
                key=f"review_move{step}",
                disabled=off,
                on_click=person.said,
                args=(PRESENTER, stories.move, story.id, slide.id, step),
            )
        st.button(
            _("Take out"),
            icon=":material/delete:",
            key="review_remove",
            on_click=person.said,
            args=(PRESENTER, _take_out, story.id, slide.id),
        )
        st.link_button(_("Open this view"), handouts.view_link(story, slide, base()), icon=":material/open_in_new:")


def _words(story: Story, slide: Slide) -> None:
    """The words of a slide, saved as soon as a field is left."""
    for name, label, value, rows in (
        ("title", _("Title: what the slide says"), slide.title, 0),
        ("subtitle", _("What it shows"), slide.subtitle, 0),
        ("section", _("Begins the section"), slide.section, 0),
        ("text", _("Text on the slide"), slide.text, 6),
        ("notes", _("Notes for the presenter alone"), slide.notes, 4),
    ):
        widget = f"review_{name}_{slide.id}"
        _field(label, value, widget, rows, partial(_save, story.id, slide.id, name, widget))
    if slide.text != slide.alt:
        st.button(
            _("Take the generated text again"),
            key=f"review_again_{slide.id}",
            icon=":material/restart_alt:",
            on_click=_generated,
            args=(story.id, slide),
        )


def _field(label: str, value: str, widget: str, rows: int, save: Callable[[], None]) -> None:
    """A line, or a text of so many rows."""
    longest = stories.LONGEST_TEXT if rows else stories.LONGEST_TITLE
    if rows:
        st.text_area(label, value=value, key=widget, height=26 * rows, max_chars=longest, on_change=save)
    else:
        st.text_input(label, value=value, key=widget, max_chars=longest, on_change=save)


def _save(story_id: str, slide_id: str, name: str, widget: str) -> None:
    person.said(PRESENTER, stories.edit, story_id, slide_id, name, st.session_state[widget])


def _generated(story_id: str, slide: Slide) -> None:
    person.said(PRESENTER, stories.edit, story_id, slide.id, "text", slide.alt)
    st.session_state[f"review_text_{slide.id}"] = slide.alt


def about(story: Story) -> None:
    """What the cover says, and what is asked of the meeting."""
    with st.expander(_("Cover and decisions"), icon=":material/title:"):
        for name, label, value, rows in (
            ("occasion", _("Under the title: the meeting, its place and day"), story.occasion, 0),
            ("decisions", _("Decisions sought, a line each"), story.decisions, 5),
        ):
            widget = f"review_{name}_{story.id}"
            _field(label, value, widget, rows, partial(_describe, story.id, name, widget))


def _describe(story_id: str, name: str, widget: str) -> None:
    given = {name: st.session_state[widget]}
    person.said(PRESENTER, partial(stories.describe, story_id, **given))


# ---- presenting and handing out ----------------------------------------------------------------------------------------------
def present(story: Story) -> str:
    """Shape of the slides, the button that presents them, and the files to hand out; returns the shape."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ratio = st.segmented_control(_("Shape of the slides"), RATIOS, default=RATIOS[0], key="review_ratio") or RATIOS[0]
        with st.container(key="review_present", width=440):
            presenter.present("review_presenter", story, pictures(story, ratio), _position(story))
        address = base()
        for kind, (label, icon) in KINDS.items():
            st.download_button(
                _(label),
                data=partial(_made, kind, story, ratio, address),
                file_name=handouts.file_name(kind, story),
                mime=handouts.KINDS[kind],
                icon=icon,
                key=f"review_{kind}",
                on_click="ignore",
            )
    return ratio


def _made(kind: str, story: Story, ratio: str, address: str) -> bytes:
    found = changes(story) if kind == "xlsx" else pd.DataFrame()
    return handouts.make(kind, story, ratio, address, change_numbers(found) if len(found) else None)


def page(draw: Draw) -> None:
    """The whole page, with what stops it in words; `draw` draws the pages of templates."""
    story = choose(draw)
    if story is None:
        st.info(
            _("No story yet. Begin one here, or choose “Download → Add to the story” under any figure of any page."),
            icon=":material/slideshow:",
        )
        return
    banner(story)
    if story.slides:
        ratio = present(story)
        slides(story, ratio)
    if person.may(PRESENTER):
        about(story)
