"""A disk that refuses (full, out of quota, only readable, without rights): whoever does something is told so in words, whatever they do."""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access import cli
from data_access.contract.errors import AuditError, StoreError, told
from data_access.contract.settings import home
from data_access.publishing import drafts
from data_access.saved import feedback, people, stories
from data_access.store import releases
from data_access.store.engines import duckdb_engine
from data_access.who import audit
from data_access.who.access import EVERYWHERE, Person
from tests.data_access import small
from tests.reading import components
from ui.frame import page_cache
from ui.kit import empty
from ui.view import text
from ui.web import server

ROOT = Path(__file__).parents[2]
REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
SHOWN = {errno.ENOSPC: "is full", errno.EDQUOT: "all the space", errno.EROFS: "only be read", errno.EACCES: "no right"}


@contextmanager
def refusing(number: int) -> Iterator[list[str]]:
    """The file system refuses every write under the data directory; collects what was tried."""
    root, tried = str(home()), []
    real = {name: getattr(os, name) for name in ("open", "mkdir", "unlink", "replace", "rename", "rmdir")}

    def guarded(name: str) -> Callable[..., Any]:
        def act(path: Any, *args: Any, **named: Any) -> Any:
            writes = name != "open" or args[0] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            here = not isinstance(path, int) and os.fspath(path).startswith(root)
            if writes and here and not (name == "mkdir" and os.path.exists(path)):
                tried.append(os.fspath(path))
                raise OSError(number, os.strerror(number), os.fspath(path))
            return real[name](path, *args, **named)

        return act

    def opened(path: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
        if not isinstance(path, int) and set(mode) & set("wax+") and os.fspath(path).startswith(root):
            tried.append(os.fspath(path))
            raise OSError(number, os.strerror(number), os.fspath(path))
        return plain(path, mode, *args, **named)

    plain = io.open
    with pytest.MonkeyPatch.context() as patch:
        for name in real:
            patch.setattr(os, name, guarded(name))
        patch.setattr(io, "open", opened)
        patch.setattr(builtins, "open", opened)
        yield tried


@pytest.fixture
def two(empty_home: Path) -> tuple[releases.Release, releases.Release]:
    """Two releases; readers see the second."""
    return small.publish(small.reported(1.0)), small.publish(small.reported(2.0))


@pytest.mark.parametrize("number", [*REFUSALS, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE])
def test_what_the_file_system_refuses_is_said_in_the_language_of_the_reader(number: int) -> None:
    error = OSError(number, os.strerror(number), "/var/lib/samoephak/people.json")
    assert os.strerror(number) not in told(error).message("th") + told(error).message("en")
    assert "/var" not in told(error).message("en")
    assert told(error).message("th") != told(error).message("en")
    assert told(OSError(errno.ENOENT, "No such file")).message("en").endswith("No such file")


COMMANDS = {
    "admit": ["admit", "a@b.co", "--role", "viewer"],
    "backup": ["backup", "HOME/b.zip"],
    "dismiss": ["dismiss", "old@b.co"],
    "load": ["load", "FILE", "--kind", "reported:population.registered", "--set", "period=CY2564"],
    "publish": ["publish"],
    "rollback": ["rollback", "FIRST"],
    "sign-out": ["sign-out", "old@b.co"],
    "templates": ["templates", "--out", "HOME/templates"],
}
READING = {"audit", "boundaries", "check", "claims", "diff", "feedback", "indicators", "inspect", "people", "query", "releases"}
ELSEWHERE = {
    "demo": "builds for half a minute; publishes as `publish` does",
    "draft": "writes nothing: what it works out is taken back",
    "restore": "asks for an empty directory; publishes as `publish` does",
    "change-key": "publishes as `publish` does",
    "measure": "writes into the draft as `load` does",
    "retention": "deletes as `rollback` writes",
    "report": "writes where it is told to as `templates` does",
    "verify": "writes nothing",
    "stories": "writes nothing",
}


def test_every_command_that_writes_says_what_the_disk_refuses(
    two: tuple[releases.Release, releases.Release], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choices = next(a.choices for a in cli._parser()._actions if a.dest == "command")
    assert set(choices or ()) == set(COMMANDS) | READING | set(ELSEWHERE)
    people.admit("old@b.co", "viewer", [])
    drafts.open_draft().upsert("reported_value", small.reported(3.0)["reported_value"], "tests")
    (tmp_path / "a.csv").write_text("จังหวัด,ประชากร\nเชียงใหม่,10\n", encoding="utf-8-sig")
    put = {
        "HOME/b.zip": f"{home()}/b.zip",
        "HOME/templates": f"{home()}/templates",
        "FILE": f"{tmp_path}/a.csv",
        "FIRST": two[0].id,
    }
    for number in REFUSALS:
        for name, words in COMMANDS.items():
            with refusing(number) as tried:
                code = cli.main([*(put.get(w, w) for w in words), "--json", "--lang", "en"])
            found = json.loads(capsys.readouterr().out)
            assert (code, found["ok"]) == (1, False), (name, number)
            assert SHOWN[number] in found["message"], (name, number)
            assert tried, name
            assert releases.served_now() == two[1].id


def test_what_is_done_and_not_in_the_log_says_that_it_is_done(two: tuple[releases.Release, releases.Release]) -> None:
    def full(*_what: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "_recorded", full)
        with pytest.raises(AuditError, match="It is done") as refused:
            releases.rollback(two[0].id)
    assert releases.served_now() == two[0].id
    assert "ดิสก์" in refused.value.message("th")


@pytest.mark.duckdb_files
def test_an_engine_that_cannot_write_says_so(empty_home: Path) -> None:
    with pytest.raises(StoreError, match="refused to go on"):
        duckdb_engine(home() / "none" / "a.duckdb", writable=True).connect()


# ---- pages ------------------------------------------------------------------------------------------------------------------------
def page(monkeypatch: pytest.MonkeyPatch, **address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    monkeypatch.setattr(people, "find", lambda _address: Person("a@b.co", "administrator", EVERYWHERE))
    app.secrets["auth"] = {"client_id": "test"}
    app.user = {"is_logged_in": True, "email": "a@b.co", "iat": time.time()}
    for name, value in address.items():
        app.query_params[name] = value
    return app


@pytest.mark.parametrize("where", ["overview", "grants", "schools", "data"])
def test_a_disk_that_can_only_be_read_serves_views_that_nobody_has_seen(
    two: tuple[releases.Release, releases.Release], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    with refusing(errno.EROFS):
        app = page(monkeypatch, goto=where).run()
    assert not app.exception
    assert not app.error
    assert where != "overview" or components(app, "board")


def test_a_page_that_cannot_be_kept_is_drawn_all_the_same(empty_home: Path) -> None:
    with refusing(errno.EROFS) as tried:
        page_cache.save("r1", ("a view",), page_cache.Page(page_cache.blocks.Sent(b"[]", {}, {}), (), ()))
    assert tried


@pytest.mark.parametrize("number", [errno.ENOSPC])
def test_a_button_of_the_page_data_says_what_the_disk_refuses(
    two: tuple[releases.Release, releases.Release], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    toasts: list[str] = []
    monkeypatch.setattr(text.st, "toast", lambda words, **_more: toasts.append(words))  # AppTest does not keep those of callbacks
    drafts.open_draft().upsert("reported_value", small.reported(3.0)["reported_value"], "tests")
    app = page(monkeypatch, goto="data", tab="import").run()
    with refusing(number):
        app.button("data_discard").click().run()
    assert not app.exception
    assert told(OSError(number, "")).message("th") in toasts
    assert drafts.draft_in_progress()


# ---- nobody is forgotten ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", REFUSALS)
def test_said_tells_what_the_disk_refuses(empty_home: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    toasts: list[str] = []
    monkeypatch.setattr(text.st, "toast", lambda words, **_more: toasts.append(words))
    monkeypatch.setattr(text, "lang", lambda: "en")
    with refusing(number):
        assert text.said(people.admit, "new@b.co", "viewer", []) is None
        assert text.said(stories.create, "a") is None
        assert text.said(feedback.leave, "a", "b", "", "") is None
    assert [SHOWN[number] in t for t in toasts] == [True] * 3
    assert people.known() == stories.saved() == {}


def test_what_no_page_has_caught_is_told_where_streamlit_hands_it_over(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(empty.st, "error", lambda words, **_more: said.append(words))
    monkeypatch.setattr(empty, "lang", lambda: "en")
    assert server._logged(OSError(errno.EROFS, "Read-only file system"))
    assert "only be read" in said[0]
    assert server._logged(KeyError("a"))
    assert len(said) == 1
