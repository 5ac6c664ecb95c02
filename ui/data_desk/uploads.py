"""Uploaded files: on disk only while they are read, their reports kept for the session as long as the file is on the page."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from data_access.contract.settings import home
from data_access.importing import declaring, loading
from data_access.importing.conditions import LeaveOut
from data_access.importing.declaring import Candidate
from data_access.importing.inspecting import inspect
from data_access.importing.loading import load, load_measures
from data_access.importing.mapping import Correction
from data_access.importing.missing_rows import ASK, Missing
from data_access.importing.places import accepted
from data_access.importing.report import FileReport, LoadReport
from data_access.importing.streaming import Progress
from data_access.publishing import drafts
from data_access.store import releases
from ui.data_desk.giving_way import giving_way
from ui.entry import person

REPORTS = "data_reports"
DONE = "data_loaded"
ROUND = "data_round"
STALE_SECONDS = 3600
NAME_BYTES = 180


@dataclass(frozen=True)
class Upload:
    """One file on the page; `id` is short and the same for the same name and content. `headless`: somebody said that its first row is data."""

    id: str
    name: str
    data: bytes = field(repr=False)
    headless: bool = False

    @property
    def key(self) -> str:
        """What its reports are remembered by: without headings it is read as another file."""
        return f"{self.id}{'-headless' if self.headless else ''}"


@dataclass(frozen=True)
class MeasuresChoice:
    """What the person has chosen for several measures of a file: everything that `load_measures` is told besides the file."""

    wanted: tuple[tuple[str, str], ...]
    constants: tuple[tuple[str, str], ...] = ()
    missing: Missing = ASK

    @property
    def count(self) -> int:
        """How many measures; one of several sheets is one."""
        return len({measure_id for _sheet, measure_id in self.wanted})

    def arguments(self) -> dict[str, Any]:
        """As keyword arguments of `load_measures`."""
        return {"wanted": self.wanted, "constants": dict(self.constants), "missing": self.missing}


@dataclass(frozen=True)
class Choice:
    """What the person has chosen for one sheet: everything that `load` is told besides the file."""

    kind: str
    sheet: str
    profile: str | None = None
    constants: tuple[tuple[str, str], ...] = ()
    mapping: tuple[tuple[str, Correction], ...] = ()
    left_out: tuple[LeaveOut, ...] = ()
    missing: Missing = ASK

    def arguments(self) -> dict[str, Any]:
        """As keyword arguments of `load`."""
        return {
            "kind": self.kind,
            "sheet": self.sheet,
            "profile": self.profile,
            "constants": dict(self.constants),
            "mapping": dict(self.mapping),
            "leave_out": self.left_out,
            "missing": self.missing,
        }


def upload(name: str, data: bytes) -> Upload:
    """An uploaded file with its id."""
    digest = hashlib.sha256(name.encode() + b"\0" + data).hexdigest()[:10]
    return Upload(digest, name, data)


def safe_name(name: str) -> str:
    """A file name without folders, control or reserved characters, short enough for any file system."""
    plain = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "file"
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem, dot + ending) if stem and len(ending) <= 8 else (plain, "")
    while len((stem + ending).encode()) > NAME_BYTES:
        stem = stem[:-1]
    return stem + ending


@contextmanager
def stored(file: Upload) -> Iterator[Path]:
    """The file on disk, in a folder of its own under the data directory; gone when the block ends, whatever happens."""
    root = home() / "uploads"
    root.mkdir(mode=0o700, exist_ok=True)
    _sweep(root)
    folder = root / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    try:
        path = folder / safe_name(file.name)
        path.write_bytes(file.data)
        with giving_way():
            yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Remove what a killed process has left behind."""
    for folder in root.iterdir():
        if folder.is_dir() and folder.stat().st_mtime < time.time() - STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _cache() -> dict[str, Any]:
    return st.session_state.setdefault(REPORTS, {})


def keep_only(files: list[Upload]) -> None:
    """Forget the reports of files that are no longer on the page: they hold the cells."""
    ids = {f.id for f in files}
    for key in [k for k in _cache() if k.split(":")[0].partition("-")[0] not in ids]:
        del _cache()[key]


def clear() -> None:
    """Take the files off the page, and with them their content out of memory."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1  # the next uploader is a new, empty one
    st.session_state.pop(DONE, None)
    keep_only([])


def inspected(file: Upload) -> FileReport:
    """What the file holds, read once; raises ImportRefused when it cannot be read."""
    return _remembered(file, "inspect", None, partial(inspect, headless=file.headless))


def checked(file: Upload, choice: Choice, progress: Progress | None = None) -> LoadReport:
    """The file checked for loading, nothing written; computed again when a choice, an accepted name or the draft changes."""
    check = partial(load, dry_run=True, progress=progress, by=person.current(), headless=file.headless, **choice.arguments())
    return _remembered(file, "check", (choice, _surroundings()), check)


def loaded(file: Upload, choice: Choice, reasons: dict[str, str], progress: Progress | None = None) -> LoadReport:
    """Load the file into the draft; warnings not accepted with a reason refuse it."""
    with stored(file) as path:
        by, told = person.current(), choice.arguments()
        return load(path, accepted_warnings=reasons, progress=progress, by=by, headless=file.headless, **told)


def candidates(file: Upload) -> list[Candidate]:
    """What the columns of the file could be declared as."""
    return _kept(file, "declare", _surroundings(), lambda: declaring.candidates(inspected(file).tables, file.name))


def named(file: Upload) -> list[tuple[str, str]]:
    """Sheet and id of the declared measures that the headings of the file name."""
    return _kept(file, "named", _surroundings(), lambda: loading.named(inspected(file).tables))


def checked_measures(file: Upload, choice: MeasuresChoice) -> list[LoadReport]:
    """Several measures of the file checked together, nothing written."""
    check = partial(load_measures, dry_run=True, by=person.current(), headless=file.headless, **choice.arguments())
    return _remembered(file, "measures", (choice, _surroundings()), check)


def loaded_measures(file: Upload, choice: MeasuresChoice, reasons: dict[str, str]) -> list[LoadReport]:
    """Load several measures of the file into the draft, all of them or none."""
    with stored(file) as path:
        by, told = person.current(), choice.arguments()
        return load_measures(path, accepted_warnings=reasons, headless=file.headless, by=by, **told)


def _remembered(file: Upload, what: str, state: Any, read: Callable[[Path], Any]) -> Any:
    """What is read from the file on disk, kept as long as the state is the same."""

    def on_disk() -> Any:
        with stored(file) as path:
            return read(path)

    return _kept(file, what, state, on_disk)


def _kept(file: Upload, what: str, state: Any, make: Callable[[], Any]) -> Any:
    """What is made of a file, kept as long as the state that it was made for is the same."""
    key = f"{file.key}:{what}"
    found = _cache().get(key)
    if found is None or found[0] != state:
        found = _cache()[key] = (state, make())
    return found[1]


def _surroundings() -> tuple[str, ...]:
    """What a check depends on besides the choice: the names accepted, the draft and the release under it."""
    draft, current = drafts.draft_in_progress(), releases.served_now()
    names = hashlib.sha256(json.dumps(accepted(), sort_keys=True).encode()).hexdigest()
    return (names, draft.id if draft else "", str(draft.version) if draft else "", current)
