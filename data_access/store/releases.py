"""Releases: complete, immutable, dated sets of tables, of which readers are served one.

On DuckDB a release is one file that is never written to once published (readers open it read-only); on PostgreSQL it is one
schema. On both, `current.json` names the release that readers see, and a JSON file beside it describes each release. How one is made is in `data_access.publishing.drafts`.

Which release is served is known without the libraries that read its tables: they are imported by what opens it (`store`).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, TypeAdapter

from data_access.contract.errors import ReleaseError, StoreError
from data_access.contract.national_ids import masked_json
from data_access.contract.omissions import Omission
from data_access.contract.settings import home, settings
from data_access.store.release_files import ReleaseFiles, digest
from data_access.who import audit
from data_access.who.access import OPERATOR, STEWARD, Person
from i18n import N_

if TYPE_CHECKING:
    import sqlalchemy as sa

    from data_access.store.engines import Store


def _iso(text: str) -> str:
    dt.datetime.fromisoformat(text)
    return text


@dataclass(frozen=True)
class Load:
    """One file of a release: where it came from, when (ISO), how many fields were typed for it, the rows of each table; what it was
    loaded as and its periods; whether it adds to rows of before that it lacks; what was left out of it, and the sums that were loaded beside that, by period."""

    source: str
    at: Annotated[str, AfterValidator(_iso)]
    typed: int
    rows: dict[str, int]
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    adds: bool = False
    left_out: tuple[Omission, ...] = field(default=())
    sums: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """What every screen and export says of the data it shows. `as_of` and `published_at` are ISO dates (CE)."""

    id: str
    as_of: Annotated[str, AfterValidator(_iso)]
    published_at: Annotated[str, AfterValidator(_iso)]
    note: str
    demo: bool
    sources: tuple[str, ...]
    row_counts: dict[str, int]
    checksum: str = ""
    parent: str | None = None
    changes: tuple[str, ...] = field(default=())
    loads: tuple[Load, ...] = field(default=())
    key: str = ""  # which keys its pseudonyms are under (`data_access.who.keys.fingerprint`); empty without rows of persons


DRAWN, POINTER = "cache", "current.json"
_RELEASE = TypeAdapter(Release)


def write_atomically(path: Path, text: str) -> None:
    """Write a JSON document without national IDs, flush to disk, then rename over: a reader sees the old text or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("w", encoding="utf-8") as handle:
            handle.write(masked_json(text))
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def read_json(path: Path, form: Any = Any) -> Any:
    """A JSON file of the data directory; raises ReleaseError when it is damaged, or is not of a form (any type that pydantic knows)."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        TypeAdapter(form).validate_python(content)
        return content
    except (OSError, ValueError, RecursionError) as error:
        raise ReleaseError(N_("The file {name} of the data directory is damaged"), name=path.name) from error


@lru_cache(maxsize=8)
def _store(url: str | None, folder: str) -> Store:
    from data_access.store.engines import DuckdbStore, PostgresStore

    return PostgresStore(url) if url else DuckdbStore(Path(folder))


def store() -> Store:
    """The store that the settings name: DuckDB files under home, or PostgreSQL."""
    return _store(settings().database_url, str(home()))


# ---- manifests and the pointer --------------------------------------------------------------------------------------
def manifest_path(release_id: str) -> Path:
    """The file that describes a release."""
    return home() / "releases" / f"{release_id}.json"


def parsed(content: bytes | str) -> Release:
    """A release from its description; raises ValueError when it does not say what it should."""
    return _RELEASE.validate_json(content, strict=True)


def described(release: Release) -> str:
    """The description of a release, as `parsed` reads it."""
    return json.dumps(asdict(release), ensure_ascii=False, indent=1)


def _read_release(release_id: str) -> Release:
    path = manifest_path(release_id)
    try:
        return _parsed_release(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise ReleaseError(N_("The description of release {id} is damaged or missing"), id=release_id) from error


@lru_cache(maxsize=256)
def _parsed_release(path: Path, _changed: int) -> Release:
    found = parsed(path.read_bytes())
    if found.id != path.stem:
        raise ValueError("the description of another release")
    return found


def described_ids() -> set[str]:
    """The ids of all descriptions, also of those that cannot be read, or belong to a publication that failed."""
    return {p.stem for p in (home() / "releases").glob("*.json")}


def listed() -> tuple[list[Release], list[str]]:
    """Newest first: the releases that can be read, and the ids of those of which the description cannot be."""
    whole, damaged = [], []
    try:
        stored = store().release_ids()
    except StoreError:  # what is described is there as soon as the database answers again
        stored = described_ids()
    # a database may serve several data directories: its tables without a description belong to another
    for release_id in sorted(stored & described_ids() if settings().database_url else stored, reverse=True):
        try:
            whole.append(_read_release(release_id))
        except ReleaseError:
            damaged.append(release_id)
    return whole, damaged


def list_releases() -> list[Release]:
    """Every published release that can be read, newest first; a description left behind by a publication that failed does not count."""
    return listed()[0]


def undescribed() -> list[str]:
    """The ids of the releases whose description is damaged or missing, newest first: their tables are there, and nobody is served them."""
    return listed()[1]


def only_demonstration() -> bool:
    """Whether no release that is described in the data directory holds anything but demonstration data; a description that cannot be read may."""
    try:
        return all(_read_release(release_id).demo for release_id in described_ids())
    except ReleaseError:
        return False


def get_release(release_id: str) -> Release:
    """One release by id; raises ReleaseError when there is none, or its description is damaged."""
    if not manifest_path(release_id).exists():
        raise ReleaseError(N_("There is no release {id}"), id=release_id)
    return _read_release(release_id)


def left_out(release: Release, kinds: Collection[str]) -> tuple[Omission, ...]:
    """What was left out of the files that the numbers of some kinds of load are from, the newest first: in this release or those that it began
    from, until a later file took the place of all that was there of a period."""
    found: list[Omission] = []
    whole: set[tuple[str, str]] = set()
    now: Release | None = release
    while now is not None:
        for load in reversed(now.loads):
            periods = {(kind, p) for kind in kinds if kind in load.kinds for p in load.kinds[kind] or ("",)}
            if periods - whole:
                open_now = {p for _kind, p in periods - whole}
                found += [o for o in load.left_out if not o.sums or open_now & set(o.sums)]
            whole |= set() if load.adds else periods
        try:
            now = get_release(now.parent) if now.parent else None
        except ReleaseError:  # deleted since, or damaged: what it said is not known any more
            now = None
    return tuple(dict.fromkeys(found))


def current_release() -> Release | None:
    """The release that the pointer names, or None before the first publication; raises ReleaseError when it cannot be read.

    Readers may be served another one meanwhile: `served_release`.
    """
    pointer = home() / POINTER
    if not pointer.exists():
        return None
    return get_release(named_in(pointer, "release"))


def served_release() -> tuple[Release | None, str]:
    """The release that readers are served, and the id of the current one when it is damaged and an earlier one stands in for it.

    The file of a release is checked against its checksum once a process, and again when it changes on disk.
    """
    found, named = None, ""
    try:
        found = current_release()
    except ReleaseError:  # the pointer or its description is damaged
        named = pointed_id() or POINTER
    else:
        if found is not None and is_whole(found):
            return found, ""
        named = found.id if found else ""
    others = [r for r in list_releases() if r.id != named and (found is None or r.demo == found.demo)]
    if not named:  # nothing was published, or the pointer is lost: then no demonstration is built beside real data
        others = [r for r in others if not r.demo]
        if not others:
            return None, ""
    for other in others:
        if is_whole(other):
            return other, named or POINTER
    raise ReleaseError(N_("Release {id} is damaged, and there is no other that could be shown meanwhile"), id=named or POINTER)


def served_now() -> str:
    """The id of the release that readers are served; empty before the first publication, or when none is whole."""
    try:
        found, _damaged = served_release()
    except ReleaseError:
        return ""
    return found.id if found else ""


def pointed_id() -> str:
    """The id that the pointer names, whether or not there is such a release; empty when there is no pointer that can be read."""
    try:
        return named_in(home() / POINTER, "release")
    except ReleaseError:
        return ""


def is_whole(release: Release) -> bool:
    """Whether the tables of a release are what was published. PostgreSQL keeps its own pages whole; `verify` computes the checksum over all rows when somebody asks for it."""
    if settings().database_url:
        return True
    files = ReleaseFiles(home())
    return _is_whole(files.path(release.id), release.checksum, files.stamp(release.id))


@lru_cache(maxsize=64)
def _is_whole(path: Path, checksum: str, _stamp: str) -> bool:
    try:
        return digest(path) == checksum
    except OSError:
        return False


def named_in(path: Path, what: str) -> str:
    """The id that a pointer names, of a `release` or a `draft`; raises ReleaseError when the pointer cannot be read."""
    found = read_json(path, dict[str, Any]).get(what)
    if not isinstance(found, str):
        raise ReleaseError(N_("The file {name} of the data directory is damaged"), name=path.name)
    return found


def require_release(release_id: str | None = None) -> Release:
    """The named release, or the one that readers are served; raises ReleaseError when nothing is published."""
    found = get_release(release_id) if release_id else served_release()[0]
    if found is None:
        raise ReleaseError(N_("No data has been published yet"))
    return found


def point_to(release_id: str) -> None:
    """Switch every reader to a release at once."""
    write_atomically(home() / POINTER, json.dumps({"release": release_id}))


def rollback(release_id: str, by: Person = OPERATOR) -> Release:
    """Make an old release the current one again; newer ones stay. Raises RoleError when `by` is no data steward."""
    by.require(STEWARD)
    release, before = get_release(release_id), served_now()
    verify(release)
    point_to(release_id)
    audit.record(by, "rolled_back", release_id, before=before, after=release_id)
    return release


def reader(release_id: str) -> sa.Engine:
    """A read-only engine on one release."""
    return store().reader(release_id)


def verify(release: Release) -> None:
    """Raise ReleaseError when the stored release no longer matches its checksum."""
    if store().checksum(release.id) != release.checksum:
        raise ReleaseError(N_("Release {id} is damaged: its checksum does not match"), id=release.id)


def drawn_folder(release_id: str) -> Path:
    """Where pages that show a release are kept as they were drawn (`ui.frame.page_cache`)."""
    return home() / DRAWN / release_id


def delete(release_id: str) -> None:
    """Delete a release for good, its description last; the caller sees to it that nobody is served it."""
    assert release_id != served_now()
    shutil.rmtree(drawn_folder(release_id), ignore_errors=True)
    store().drop_release(release_id)
    manifest_path(release_id).unlink(missing_ok=True)
