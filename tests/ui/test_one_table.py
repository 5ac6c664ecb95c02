"""After a first load: every table by itself, and with what it refers to, under the pages that read it. None of them may assume another."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access import releases, schema
from tests import opened
from tests.data_access import cut, small
from ui import shell

ROOT = Path(__file__).parents[2]
EVERYWHERE = {
    "overview": ("pupil_grant", "school_result", "event"),
    "province": ("lao", "school", "readiness_result", "trial_family"),
    "compare": ("centre", "reported_value", "event"),
}
"""Pages that read whatever there is, and the tables that show each way of having too little; `python -m tests.reliability` walks all pages with all tables."""
OWN = {
    "lao": ("pilot_areas",),
    "school": ("schools", "policy"),
    "pupil_grant": ("grants",),
    "school_result": ("learning_loss", "schools"),
    "tsqp_school": ("schools",),
    "centre": ("early_childhood",),
    "centre_semester": ("early_childhood",),
    "readiness_result": ("early_childhood",),
    "trial_family": ("trial",),
    "chain_record": ("equity_chain",),
    "out_of_school_count": ("out_of_school",),
    "learning_city_score": ("learning_cities",),
    "reported_value": ("grants",),
}
"""Tables that numbers of places come from, and the pages about them."""
BESIDE = {
    "pilot_set": ("pilot_areas",),
    "pilot_member": ("pilot_areas", "learning_cities"),
    "screening_score": ("grants",),
    "register_link": ("equity_chain",),
    "trial_cluster": ("trial",),
    "trial_visit": ("trial",),
    "trial_measure": ("trial",),
    "published_figure": ("claims",),
    "published_series": ("out_of_school", "learning_loss"),
    "parameter": ("grants",),
    "yardstick": ("learning_loss",),
    "target": ("targets",),
    "rate": ("policy",),
    "price_index": ("policy",),
    "event": ("data", "indicators"),
}
"""Tables that stand beside numbers of others: alone they are as good as nothing elsewhere, which `event` shows for all of them."""
WALKED = {t: (*own, *(page for page, read in EVERYWHERE.items() if t in read)) for t, own in (OWN | BESIDE).items()}

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables(demo_home: None) -> Tables:
    """Every table of the demonstration, cut down to a few places."""
    return cut.tables(releases.served_now())


def referred_to(name: str) -> set[str]:
    """The tables that a table refers to, and those that they refer to; not those that come with the app."""
    own = {str(c.info["ref"]).partition(".")[0] for c in schema.TABLES[name].columns if c.info["ref"]}
    own = {t for t in own if t != name and not schema.TABLES[t].info["reference"]}
    return own.union(*(referred_to(t) for t in own)) if own else own


def draw(pages: Sequence[str]) -> list[str]:
    """The pages that could not be drawn, with what they said."""
    broken = []
    for name in pages:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.query_params["goto"] = name
        if name == "province":
            app.query_params["province"] = "40"
        app.run()
        broken += [f"{name}: {e.message}" for e in app.exception] + [f"{name}: {e.value}" for e in app.error]
    return broken


def walk() -> list[str]:
    """All pages with every table of the demonstration alone, in data directories of their own: what could not be drawn. Takes ten minutes."""
    found, broken = cut.tables(releases.served_now()), []
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        opened.follow(patch)
        for name, frame in found.items():
            patch.setenv("SAMOEPHAK_HOME", f"{folder}/{name}")
            small.publish({name: frame})
            broken += [f"{name}: {words}" for words in draw(tuple(shell.PAGES))]
    return broken


def test_every_table_and_every_page_is_walked() -> None:
    assert set(WALKED) == set(schema.LOADABLE_TABLES)
    without = {"help", "kept_views", "mou_review"}  # they read no table
    assert set(itertools.chain(*WALKED.values())) == set(shell.PAGES) - without


@pytest.mark.duckdb_files
@pytest.mark.parametrize("name", WALKED)
def test_a_release_of_one_table_is_drawn(name: str, tables: Tables, empty_home: Path) -> None:
    small.publish({name: tables[name]})
    assert draw(WALKED[name]) == []


@pytest.mark.duckdb_files
@pytest.mark.parametrize("name", [t for t in OWN if referred_to(t)])
def test_a_release_of_one_table_and_what_it_refers_to_is_drawn(name: str, tables: Tables, empty_home: Path) -> None:
    wanted = {name, *referred_to(name)}
    small.publish({t: frame for t, frame in tables.items() if t in wanted})
    assert draw(("province", OWN[name][0])) == []


@pytest.mark.parametrize("names", [("school",), ("pupil_grant",)], ids=" ".join)
def test_first_loads_on_a_server(names: tuple[str, ...], empty_home: Path, store: str) -> None:
    """`--store postgres` runs these; the walk above is for DuckDB alone."""
    if store != "postgres":
        pytest.skip("is the walk above on a server")
    found = {**small.tables(), **small.reported(1.0)}
    small.publish({t: found[t] for t in names})
    assert draw((*EVERYWHERE, "schools")) == []
