"""Blocks of our own that draw numbers (`static/board`): cards, bars, lines, maps, tables, and the board of the provinces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from charts.theme import Chart
from ui.blocks import blocks, static_files
from ui.blocks.blocks import packed, put
from ui.view.events import Act

Part = dict[str, Any]
PLOTLY = f"/plotly.js?v={version('plotly')}"
"""Plotly's own script, out of its Python package (`ui.blocks.static_files`)."""
PLOTLY_SMALL = f"{static_files.ADDRESS}/plotly/plotly-cartesian.min.js"
"""The same without maps, flows and solids: a third of the bytes and of the time to read them (half a second of a first page)."""
CARTESIAN = {"bar", "box", "heatmap", "histogram", "scatter"}
"""The traces that it can draw."""
PLOT_HEIGHT = 450  # Plotly's own, where a figure names none


def board(key: str, data: dict[str, Any], choose: Act) -> None:
    """Map, ranking and table (`charts.board.board`), the table by URL: most readers never open it.

    Args:
        choose: gets the code of the province that a reader picks, what was typed to find one, or nothing when it is given up again.
    """
    shown = {name: part for name, part in data.items() if name != "table"}
    put("board", shown, key=key, acts={"chosen": choose}, files={"table": packed(data["table"])})


def maps(key: str, drawing: dict[str, Any], choose: Act | None = None, *, at: int = 0, selected: str | None = None) -> None:
    """Maps of several periods (`charts.board.maps`), which the browser gets by URL: they are long, and stay as they are when other filters change.

    Args:
        at: the period that a moving map starts with.
        choose, selected: as for `board`.
    """
    shapes = {name: drawing[name] for name in ("geometry", "names")}
    put(
        "maps",
        {"at": at, "selected": selected, **shapes},
        key=key,
        acts={"chosen": choose} if choose else None,
        files={"drawing": packed(drawing)},
    )


def bars(key: str, data: dict[str, Any], pick: Act | None = None) -> None:
    """Bars with names, values and intervals (`charts.board.bar_list`, `stage_list`); `pick` gets the code of one that a reader presses."""
    put("bars", {**data, "picks": pick is not None}, key=key, acts={"picked": pick} if pick else None)


def bullets(key: str, rows: Sequence[Part], words: str, selected: str, pick: Act) -> None:
    """One line a result: how far it is, and what the plan expects by now.

    Args:
        rows: `group` (a heading where it changes), `name`, `line` (numbers so far, None for gaps), `number` in words, `value` and `plan` as shares
            of the row's scale, `hollow`, `badge` (`blocks.Standing`), and `picks`, what `pick` gets when the row is pressed (empty for none).
        words: what it is to those who do not see it.
    """
    shown = [{**row, "badge": blocks.badge(row["badge"])} for row in rows]
    put("bullets", {"rows": shown, "alt": words, "selected": selected}, key=key, acts={"picked": pick})


def plot(key: str, built: Chart, pick: Act | None = None, *, wide: bool = False) -> None:
    """A figure of Plotly, which the browser gets by URL: once, and not with every run.

    Args:
        pick: gets the code of what a reader clicks.
        wide: it keeps a width at which it can be read, and scrolls inside its frame on a phone.
    """
    sent = {
        "alt": built.alt,
        "height": int(built.figure.layout.height or PLOT_HEIGHT),
        "library": PLOTLY_SMALL if {trace.type for trace in built.figure.data} <= CARTESIAN else PLOTLY,
        "picks": pick is not None,
    }
    acts = {"picked": pick} if pick else None
    put("plot", sent, key=f"wide_{key}" if wide else key, acts=acts, files={"figure": built.drawing})


def scorecard(key: str, data: dict[str, Any]) -> None:
    """Places by areas in tiers (`charts.scorecard.scorecard_table`)."""
    put("scorecard", data, key=key)


def grid(key: str, data: dict[str, Any], pick: Act) -> None:
    """Places by periods as coloured cells (`charts.grids.completeness_grid`); `pick` gets the code of a row, nothing when it is given up."""
    put("grid", data, key=key, acts={"picked": pick})


def deck(key: str, built: Chart, height: int, layers: Mapping[str, bytes]) -> None:
    """A map of deck.gl, which the browser gets by URL like what lies on it.

    Args:
        height: pixels.
        layers: name of a layer -> its data, JSON.
    """
    sent = {"alt": built.alt, "height": height, "layers": list(layers)}
    put("deck", sent, key=key, files={"map": built.drawing, **layers})


def lines(key: str, data: dict[str, Any]) -> None:
    """Lines over periods (`charts.lines.lines`), which the browser gets by URL: another period leaves most of them as they are."""
    put("lines", {"height": data["height"], "title": data["title"]}, key=key, files={"drawing": packed(data)})


def filter_bar(key: str, data: dict[str, Any], change: Act) -> None:
    """The filter bar (`ui.kit.filters.bar`), whose options come by URL; `change` gets the key of a field and its new value, empty for none."""
    fields = [{name: part for name, part in field.items() if name != "value"} for field in data["fields"]]
    values = {field["key"]: field["value"] for field in data["fields"]}
    put("filters", {"values": values}, key=key, acts={"changed": change}, files={"offered": packed({**data, "fields": fields})})


def cards(
    key: str,
    found: Sequence[Sequence[Part]],
    *,
    least: int,
    most: int | None = None,
    pick: Act | None = None,
    go: Act | None = None,
) -> None:
    """Cards side by side, each a list of parts (`head`, `status`, `tile`, `lines`, `text`, `pick`, `go`; see `static/board/cards.js`).

    Args:
        least: pixels below which a card does not get narrower: then they wrap.
        most: how many stand in a row; all of them when unset.
        pick, go: get the code of a place, or the page, that a reader chooses.
    """
    put(
        "cards",
        {"least": least, "most": most or len(found), "cards": [list(card) for card in found]},
        key=key,
        acts={event: act for event, act in (("picked", pick), ("gone", go)) if act},
    )
