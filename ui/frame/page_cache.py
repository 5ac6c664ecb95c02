"""Pages as they were drawn: what was sent, kept in files under the data directory, so that a server that starts anew need not draw them again.

A file holds what went to browsers, what a reader may do in it (`ui.view.events`) and the headlines behind it. Files of a release are deleted
with it (`data_access.store.releases.delete`).
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import secrets
import shutil
import sys
import zipfile
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from data_access import logs
from data_access.contract.settings import settings
from data_access.questions.recorded import ask_of
from data_access.store import releases
from ui.blocks import blocks
from ui.view.events import Act
from ui.view.headlines import Headline

ROOT = Path(__file__).parents[2]
CODE = ("app.py", "requirements.txt", ".streamlit", "assets", "charts", "data_access", "geo", "i18n", "pages", "static", "ui")
LIBRARIES = ("streamlit", "pandas", "plotly", "pydeck")
MOST = 200_000_000
"""Bytes of all files; those written longest ago go."""
LOOKED_AFTER = 50
"""Files after which their bytes are counted."""
META, BODY = "page.json", "body.json"
_written = itertools.count()


@dataclass(frozen=True)
class Page:
    """What a page sent: its blocks, and the headlines in it."""

    sent: blocks.Sent
    headlines: tuple[Headline, ...]
    beside: tuple[dict[str, str], ...]
    """What changes the view to those next to it."""

    @cached_property
    def size(self) -> int:
        """Bytes of what it sends."""
        return len(self.sent.body) + sum(len(body) for body in self.sent.files.values())


def save(release_id: str, view: Hashable, page: Page) -> None:
    """Write a page; when that is impossible, it will be drawn again."""
    path = _path(release_id, view)
    part = path.with_name(f".{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(part, "w") as file:
            file.writestr(META, json.dumps(_meta(page), ensure_ascii=False))
            file.writestr(BODY, page.sent.body)
            for at, body in enumerate(page.sent.files.values()):
                file.writestr(str(at), body)
        os.replace(part, path)
        if next(_written) % LOOKED_AFTER == 0:
            _make_room()
    except (OSError, TypeError, ValueError):
        with contextlib.suppress(OSError):  # on a disk that can only be read, even what is not there cannot be deleted
            part.unlink(missing_ok=True)
        logs.LOGGER.warning("A page that was drawn could not be kept", exc_info=True)


def saved(release_id: str, view: Hashable) -> Page | None:
    """A page as it was written; nothing where there is none that can be read."""
    try:
        with zipfile.ZipFile(_path(release_id, view)) as file:
            meta = json.loads(file.read(META))
            files = {key: file.read(str(at)) for at, key in enumerate(meta["files"])}
            acts = {did: Act(*found) for did, found in meta["acts"].items()}
            headlines = tuple(Headline(**{**h, "asks": tuple(map(ask_of, h["asks"]))}) for h in meta["headlines"])
            return Page(blocks.Sent(file.read(BODY), acts, files), headlines, tuple(meta["beside"]))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError):
        return None


def kept(release_id: str, view: Hashable) -> bool:
    """Whether a page is written."""
    return _path(release_id, view).is_file()


def ready() -> bool:
    """Look through the code while nobody waits yet; whether a page that it drew of the release that readers are served is kept."""
    return any(_folder(releases.served_now()).glob("*.zip"))


def forget() -> None:
    """Delete every page that was written."""
    shutil.rmtree(releases.drawn_folder(""), ignore_errors=True)


def _meta(page: Page) -> dict[str, Any]:
    acts = {did: found.to_json() for did, found in page.sent.acts.items()}
    return {"files": list(page.sent.files), "acts": acts, "headlines": [asdict(h) for h in page.headlines], "beside": page.beside}


def _path(release_id: str, view: Hashable) -> Path:
    return _folder(release_id) / f"{_digest(view)}.zip"


def _folder(release_id: str) -> Path:
    """Where pages of a release are that this code drew under these settings."""
    return releases.drawn_folder(release_id) / _digest(_made_by())


def _digest(parts: Hashable) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _made_by() -> tuple[str, str]:
    """What else a drawing depends on: the code, and the settings that change what is shown."""
    set_to = settings().model_dump(include={"disclosure_threshold", "public_url", "subdistrict_boundaries"})
    own = set_to["subdistrict_boundaries"]
    return _code(), repr((set_to, own.stat().st_mtime_ns if own and own.is_file() else 0))


@cache
def _code() -> str:
    """The code that draws, and the libraries that it draws with: they stay as they are while a server runs."""
    further = settings().programmes
    roots = [*(ROOT / name for name in CODE), *([further] if further else [])]
    files = [p for root in roots for p in ([root] if root.is_file() else root.rglob("*"))]
    stamps = [(str(p), s.st_size, s.st_mtime_ns) for p in sorted(files) if p.suffix != ".pyc" and p.is_file() and (s := p.stat())]
    return repr((sys.version, [version(name) for name in LIBRARIES], stamps))


def _make_room() -> None:
    found = sorted((s.st_mtime_ns, s.st_size, path) for path in releases.drawn_folder("").glob("*/*/*.zip") if (s := path.stat()))
    over = sum(size for _at, size, _path in found) - MOST
    for _at, size, path in found:
        if over <= 0:
            return
        path.unlink(missing_ok=True)
        over -= size
