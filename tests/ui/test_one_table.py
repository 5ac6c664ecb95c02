"""After a first load: every table by itself, with those without which its rows have no place, under the pages that read it. No page may assume
another table, and each says what is there, and what would bring the rest to life.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from charts.theme import NOT_APPLICABLE, STATE_NAMES
from data_access.contract import schema
from data_access.programmes.indicators import REGISTRY
from data_access.publishing import drafts
from data_access.questions import query
from data_access.store import releases
from data_access.who.access import ANYBODY
from i18n import gettext
from tests import opened, reading
from tests.data_access import cut, small
from ui.kit import loaded, navigation
from ui.kit.tables import table_name

ROOT = Path(__file__).parents[2]
IDS = re.compile(
    "|".join(rf"\b{re.escape(n)}\b" for n in sorted((*REGISTRY, *(t for t in schema.TABLES if "_" in t)), key=len, reverse=True))
)
DRAWN = ("board", "maps", "bars", "lines", "plot", "deck", "scorecard", "grid", "table", "scoreboard", "standings", "finding")
"""Blocks that hold numbers of the release."""
SAID = (
    "text",
    "more",
    "strong",
    "label",
    "number",
    "sentence",
    "items",
    "alt",
    "caption",
    "heads",
    "rows",
    "title",
    "legend",
    "notes",
    "words",
    "lines",
)
"""What readers read of a block's data; formulas and addresses are no words."""

Tables = dict[str, pd.DataFrame]
Load = Callable[[Tables], None]


@pytest.fixture(scope="module")
def tables(demo_home: None) -> Tables:
    """Every table of the demonstration, cut down to a few places."""
    return cut.tables(releases.served_now())


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory with a draft that holds the reference places alone, and the draft's id: made once, since that is half of a first load."""
    folder = tmp_path_factory.mktemp("blank")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAMOEPHAK_HOME", str(folder))
        made = drafts.new_draft(None)
        made.engine.dispose()
    return folder, made.id


@pytest.fixture
def first_load(blank: tuple[Path, str], empty_home: Path) -> Load:
    """What publishes tables, and nothing else, in a data directory of the test's own."""
    folder, draft_id = blank
    shutil.copytree(folder, empty_home)

    def load(content: Tables) -> None:
        draft = drafts.Draft(draft_id, releases.store().draft(draft_id))
        for name, frame in content.items():
            draft.replace_slice(name, frame, [], "tests")
        drafts.publish(draft, as_of=dt.date(2025, 9, 30))

    return load


def data_for(table: str) -> list[str]:
    """The indicators of a table that the release has data for."""
    return [i for i in query.available() if REGISTRY[i].table == table]


def read_by(table: str) -> list[str]:
    """The pages that read a table, and the one that opens first."""
    return list(dict.fromkeys(["overview", *(p for p, about in loaded.ABOUT.items() if table in about.wanted())]))


def draw(pages: Sequence[str]) -> list[str]:
    """The pages that could not be drawn, or that make no sense, with what is wrong."""
    return [f"{name}: {wrong}" for name in pages for wrong in faults(name, opened_at(name))]


def opened_at(name: str) -> AppTest | reading.Drawn:
    """A page."""
    address = {"province": {"province": "40"}, "compare": {"places": "country~40"}}.get(name, {})
    if name not in navigation.OF_STREAMLIT:
        return reading.Drawn(name, **address)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["goto"] = name
    return app.run()


def faults(name: str, app: AppTest | reading.Drawn) -> Iterator[str]:
    """What is wrong with a page as it was drawn."""
    yield from (str(e.message) for e in app.exception)
    yield from (str(e.value) for e in app.error)
    if name not in loaded.ABOUT:
        return
    blocks, files = reading.blocks(app), reading.by_address(app)
    counted = releases.get_release(releases.served_now()).row_counts
    said = [words for block in blocks for words in _words(block["data"])]
    yield from (f"an id: {words}" for words in said if IDS.search(words))
    yield from (f"nothing in {b['kind']} {b.get('key')}" for b in blocks if not _has_something(b, files))
    tiles = [
        part for b in blocks if b["kind"] == "cards" for card in b["data"]["cards"] for part in card if part["part"] == "tile"
    ]
    yield from (
        f"not applicable, and not loaded: {t['label']}"
        for t in tiles
        if t["number"] == gettext(STATE_NAMES[NOT_APPLICABLE], "th")
    )
    if not any(b["kind"] in DRAWN for b in blocks) and not any(re.search(r"\d", t["number"]) for t in tiles):
        missing = [t for t in loaded.ABOUT[name].wanted() if not counted.get(t)]
        if not any(table_name(t) in words for t in missing for words in said):
            yield "no number, and nothing about what would bring one"
        if not any("tab=import" in link["href"] for b in blocks if b["kind"] == "links" for link in b["data"]["links"]):
            yield "no number, and no way to the import"
    offered = [b["data"] for b in blocks if b["kind"] == "choice" and str(b.get("key", "")).endswith("_measure")]
    offered = [] if name == "indicators" else offered  # one of its numbers is of no place and of no time
    if offered and not any(b["kind"] in ("board", "maps", "bars", "lines") for b in blocks):
        yield "a measure is chosen, and nothing is drawn of it"


def _words(data: Any) -> Iterator[str]:
    match data:
        case str():
            yield data
        case list():
            for part in data:
                yield from _words(part)
        case dict():
            for key, part in data.items():
                if key in (*SAID, "cards", "links") and key != "columns":
                    yield from _words(part)


def _has_something(block: dict[str, Any], files: dict[str, Any]) -> bool:
    """Whether a block that draws numbers has any to draw: no empty axes, no empty map."""
    data, key = block["data"], block.get("key", "")
    match block["kind"]:
        case "board":
            return bool(data["ranking"]["bars"])
        case "bars":
            return any(bar[1] is not None for bar in data["bars"])
        case "lines":
            drawing = files[f"{key}_drawing"]
            return any(p[0] is not None for line in drawing["lines"] for p in line["points"]) or any(
                x["apart"] for x in drawing["lines"]
            )
        case "deck":
            return any(files[f"{key}_{name}"] for name in data["layers"])
        case "plot":
            return bool(files[f"{key}_figure"]["data"])
        case "table":
            return "from" in data or bool(data["rows"])
        case "points":
            return bool(data["items"])
    return True


def walk() -> list[str]:
    """All pages with every table of the demonstration alone, in data directories of their own: what could not be drawn."""
    found, broken = cut.tables(releases.served_now()), []
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        opened.follow(patch)
        for name, frame in found.items():
            patch.setenv("SAMOEPHAK_HOME", f"{folder}/{name}")
            small.publish({name: frame})
            broken += [f"{name}: {words}" for words in draw(tuple(navigation.PAGES))]
    return broken


def test_every_table_and_every_page_is_walked() -> None:
    """A table that no page reads, or a page that is about none, would be walked by nobody."""
    read = {t for about in loaded.ABOUT.values() for t in about.wanted()}
    assert set(schema.LOADABLE_TABLES) - read == {"event"}  # stands on the axes of others, and in the data dictionary
    assert set(navigation.PAGES) - set(loaded.ABOUT) == set(navigation.OF_STREAMLIT)  # they show no numbers of their own


@pytest.mark.duckdb_files
@pytest.mark.parametrize("name", schema.LOADABLE_TABLES)
def test_a_release_of_one_table_makes_sense(name: str, tables: Tables, first_load: Load) -> None:
    """With the tables without which its rows have no place; those alone are walked as well."""
    first_load({t: tables[t] for t in schema.needs(name).union(*(i.needs for i in REGISTRY.values() if i.table == name))})
    assert draw(read_by(name)) == []


@pytest.mark.duckdb_files
@pytest.mark.parametrize("name", ["pupil_grant", "centre_semester"])
def test_rows_whose_places_are_not_loaded_are_not_taken_for_numbers(name: str, tables: Tables, first_load: Load) -> None:
    first_load({name: tables[name]})
    assert draw(read_by(name)) == []
    assert not data_for(name)


@pytest.mark.duckdb_files
def test_an_empty_release_leads_to_the_import(first_load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """On every page, for those who may bring files in; the others are told who may. Releases of before may be empty; none is published any more."""
    monkeypatch.setattr(drafts, "_as_seen", lambda *_seen: None)
    first_load({})
    assert draw(tuple(navigation.PAGES)) == []
    app = reading.Drawn("grants", who=ANYBODY)
    assert not [b for b in reading.blocks(app) if b["kind"] == "links"]
    assert [n for n in reading.notes(app) if gettext("A data steward loads it on the page Data.", "th") in n]


@pytest.mark.parametrize("names", [("school",), ("pupil_grant",)], ids=" ".join)
def test_first_loads_on_a_server(names: tuple[str, ...], empty_home: Path, store: str) -> None:
    """`--store postgres` runs these; the walk above is for DuckDB alone."""
    if store != "postgres":
        pytest.skip("is the walk above on a server")
    found = {**small.tables(), **small.reported(1.0)}
    small.publish({t: found[t] for t in names})
    assert draw(("overview", "province", "compare", "schools")) == []
