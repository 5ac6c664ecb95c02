"""Uploaded files: on disk only while they are read, their reports kept for the session as long as the file is on the page."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from data_access import drafts, releases
from data_access.importing.inspecting import inspect
from data_access.importing.loading import load
from data_access.importing.places import accepted
from data_access.importing.report import FileReport, LoadReport
from data_access.importing.streaming import Progress
from data_access.settings import home
from ui import person

REPORTS = "data_reports"
DONE = "data_loaded"
ROUND = "data_round"
STALE_SECONDS = 3600
NAME_BYTES = 180


@dataclass(frozen=True)
class Upload:
    """One file on the page; `id` is short and the same for the same name and content."""

    id: str
    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Choice:
    """What the person has chosen for one sheet: everything that `load` is told besides the file."""

    kind: str
    sheet: str
    profile: str | None = None
    constants: tuple[tuple[str, str], ...] = ()
    mapping: tuple[tuple[str, str | None], ...] = ()

    def arguments(self) -> dict[str, Any]:
        """As keyword arguments of `load`."""
        return {
            "kind": self.kind,
            "sheet": self.sheet,
            "profile": self.profile,
            "constants": dict(self.constants),
            "mapping": dict(self.mapping),
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
    for key in [k for k in _cache() if k.split(":")[0] not in ids]:
        del _cache()[key]


def clear() -> None:
    """Take the files off the page, and with them their content out of memory."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1  # the next uploader is a new, empty one
    st.session_state.pop(DONE, None)
    keep_only([])


def inspected(file: Upload) -> FileReport:
    """What the file holds, read once; raises ImportRefused when it cannot be read."""
    key = f"{file.id}:inspect"
    if key not in _cache():
        with stored(file) as path:
            _cache()[key] = inspect(path)
    return _cache()[key]


def checked(file: Upload, choice: Choice, progress: Progress | None = None) -> LoadReport:
    """The file checked for loading, nothing written; computed again when a choice, an accepted name or the draft changes."""
    key, state = f"{file.id}:check", (choice, _surroundings())
    found = _cache().get(key)
    if found is None or found[0] != state:
        with stored(file) as path:
            found = (state, load(path, dry_run=True, progress=progress, by=person.current(), **choice.arguments()))
        _cache()[key] = found
    return found[1]


def loaded(file: Upload, choice: Choice, reasons: dict[str, str], progress: Progress | None = None) -> LoadReport:
    """Load the file into the draft; warnings not accepted with a reason refuse it."""
    with stored(file) as path:
        return load(path, accepted_warnings=reasons, progress=progress, by=person.current(), **choice.arguments())


def _surroundings() -> tuple[str, ...]:
    """What a check depends on besides the choice: the names accepted, the draft and the release under it."""
    draft, current = drafts.draft_in_progress(), releases.served_now()
    names = hashlib.sha256(json.dumps(accepted(), sort_keys=True).encode()).hexdigest()
    return (names, draft.id if draft else "", str(len(draft.log)) if draft else "", current)
