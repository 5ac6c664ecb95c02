"""Backups: everything of a data directory in one file that any store can take back, DuckDB or PostgreSQL.

A backup is a ZIP file of the documents of the data directory as they are, and of the contract tables of every release as Parquet; a
manifest names each member with its SHA-256. Summaries are computed again when it is restored, by the rules of the version that restores.
The key of the hashes (`SAMOEPHAK_ID_KEY`) is not in it: whoever steals a backup must not be able to look up children.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data_access.contract import schema
from data_access.contract.errors import ReleaseError
from data_access.contract.settings import home
from data_access.publishing.summaries import build_summaries
from data_access.store import releases
from data_access.store.engines import replace_from_files, write_file
from data_access.store.releases import POINTER, Release, described, manifest_path, parsed, store, write_atomically
from data_access.who import audit
from data_access.who.access import ADMINISTRATOR, OPERATOR, Person
from i18n import N_

MANIFEST, FORMAT = "manifest.json", 1
LEFT_OUT = ("drafts", "uploads", "cache")
Progress = Callable[[str], None]


def backup(to: Path, progress: Progress = lambda _name: None) -> dict[str, Any]:
    """Write a backup of the data directory, whole or not at all.

    Damaged releases are left out, for a copy of one would be worth nothing; the others are kept all the same.

    Returns:
        `releases` and `documents` (how many it holds), `damaged` (ids left out).
    Raises:
        ReleaseError: there are releases, and all are damaged; there is nothing at all. OSError: the disk refused.
    """
    found, damaged = _whole_and_damaged()
    if damaged and not found:
        raise ReleaseError(N_("Release {id} is damaged, and there is no other that could be shown meanwhile"), id=damaged[0])
    part = to.with_name(f".{to.name}.part")
    try:
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            digests: dict[str, str] = {}
            for release in found:
                progress(release.id)
                for name, path in _tables(release, Path(folder)):
                    digests[name] = _add(archive, name, path)
            documents = list(_documents())
            if not found and not documents:
                raise _nothing_here()
            for name, path in documents:
                digests[f"documents/{name}"] = _add(archive, f"documents/{name}", path)
            content = {"format": FORMAT, "releases": [asdict(r) for r in found], "members": digests}
            archive.writestr(MANIFEST, json.dumps(content, ensure_ascii=False, indent=1))
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return {"releases": len(found), "documents": len(documents), "damaged": damaged}


def _nothing_here() -> ReleaseError:
    """What a nightly job is told that looks at another directory than the server."""
    words = N_("There is nothing in the data directory {folder}. Is SAMOEPHAK_HOME set as it is for the server?")
    return ReleaseError(words, folder=str(home()))


def _whole_and_damaged() -> tuple[list[Release], list[str]]:
    """Newest first: the releases whose description can be read and whose tables match their checksum, and the ids of all others."""
    readable, damaged = releases.listed()
    whole = []
    for release in readable:
        try:
            releases.verify(release)
            whole.append(release)
        except (ReleaseError, OSError, sa.exc.SQLAlchemyError):
            damaged.append(release.id)
    return whole, sorted(damaged, reverse=True)


def _tables(release: Release, folder: Path) -> Iterator[tuple[str, Path]]:
    """The contract tables of a release that have rows, as Parquet files, one at a time."""
    with releases.reader(release.id).connect() as connection:
        for name, table in schema.TABLES.items():
            path = folder / f"{name}.parquet"
            if release.row_counts.get(name) and write_file(connection, table, path):
                yield f"releases/{release.id}/{name}.parquet", path
                path.unlink()


def _documents() -> Iterator[tuple[str, Path]]:
    """What stands in the data directory besides releases, drafts and what is on its way."""
    for path in sorted(home().rglob("*")):
        name = path.relative_to(home())
        loose = path.name.startswith(".") or path.suffix == ".lock" or (name.parts[0] == "releases")
        if path.is_file() and name.parts[0] not in LEFT_OUT and not loose:
            yield name.as_posix(), path


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    archive.write(path, name)
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


# ---- reading one -----------------------------------------------------------------------------------------------------------
@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, dict]]:
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT or set(archive.namelist()) != {MANIFEST, *manifest["members"]}:
                raise ValueError("not what the manifest says")
            yield archive, manifest
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ReleaseError(N_("{name} is no whole backup of Samoephak"), name=file.name) from error


def verify(file: Path) -> dict[str, int]:
    """Check every member of a backup against its digest; returns how many releases and members it holds.

    Raises:
        ReleaseError: the file is no backup, or a member is damaged.
    """
    with _opened(file) as (archive, manifest):
        for name, digest in manifest["members"].items():
            with archive.open(name) as member:
                if hashlib.file_digest(member, "sha256").hexdigest() != digest:  # type: ignore[arg-type]
                    raise ReleaseError(N_("{name} is no whole backup of Samoephak"), name=file.name)
        return {"releases": len(manifest["releases"]), "members": len(manifest["members"])}


def restore(file: Path, by: Person = OPERATOR, progress: Progress = lambda _name: None) -> dict[str, int]:
    """Bring a backup into a data directory, whatever store the settings name; readers see it when all of it is there.

    Into an empty one comes all of it; into one whose releases are damaged, those alone: nothing that is whole or was deleted comes back.

    Returns:
        `releases` (how many were brought in), `members` of the backup.
    Raises:
        ReleaseError: the file is damaged, the data directory holds releases and all are whole, or the backup has none of the damaged ones;
            nothing was changed.
    """
    by.require(ADMINISTRATOR)
    counts = verify(file)
    whole, damaged = _whole_and_damaged()
    pointed = releases.pointed_id()
    missing = {*damaged, *({pointed} - {r.id for r in whole})} - {""}
    if pointed and not missing:
        raise ReleaseError(N_("The data directory holds releases already; a backup is restored into an empty one"))
    with _opened(file) as (archive, manifest):
        held = sorted((parsed(json.dumps(r)) for r in manifest["releases"]), key=lambda r: r.published_at)
        wanted = [r for r in held if r.id in missing or (not pointed and r.id not in {w.id for w in whole})]
        if pointed and not wanted:
            raise ReleaseError(N_("The backup {name} does not hold {id}"), name=file.name, id=", ".join(sorted(missing)))
        for release in wanted:
            progress(release.id)
            _restore_release(archive, release, manifest["members"])
        if not pointed:
            _restore_documents(archive, manifest["members"])
    audit.record(by, "restored", after=f"{file.name}: {len(wanted)} releases")
    return {**counts, "releases": len(wanted)}


def _restore_documents(archive: zipfile.ZipFile, members: dict[str, str]) -> None:
    """Everything besides releases, the pointer last: with it readers see what was brought in."""
    found = [name.removeprefix("documents/") for name in members if name.startswith("documents/")]
    for name in sorted(found, key=lambda name: name == POINTER):
        _write_document(name, archive.read(f"documents/{name}"))


def _restore_release(archive: zipfile.ZipFile, release: Release, members: dict[str, str]) -> None:
    if not re.fullmatch(r"r[0-9-]{4,40}", release.id):
        raise ReleaseError(N_("There is no release {id}"), id=release.id)
    draft_id = f"d{release.id.replace('-', '')}"
    store().drop_draft(draft_id)
    store().create_draft(draft_id, None)
    engine = store().draft(draft_id)
    with tempfile.TemporaryDirectory() as folder:
        for name, table in schema.TABLES.items():
            member = f"releases/{release.id}/{name}.parquet"
            if member in members:
                path = Path(folder) / f"{name}.parquet"
                with archive.open(member) as source, path.open("wb") as target:
                    shutil.copyfileobj(source, target)
                replace_from_files(engine, table, str(path))
                path.unlink()
    build_summaries(engine)
    sealed = replace(release, checksum=store().finish(draft_id))
    description = manifest_path(release.id)
    if description.is_dir():
        shutil.rmtree(description)
    store().drop_release(release.id)  # what is damaged
    write_atomically(description, described(sealed))
    store().seal(draft_id, release.id)


def _write_document(name: str, content: bytes) -> None:
    path = (home() / name).resolve()
    if not path.is_relative_to(home().resolve()):
        raise ReleaseError(N_("{name} is no whole backup of Samoephak"), name=name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


# ---- checking what is there ---------------------------------------------------------------------------------------------------
def verify_home() -> dict[str, object]:
    """Check every release against its checksum, the pointer, and the audit log.

    Returns:
        `releases` (how many), `damaged` (ids), `current` (id, or None before the first publication; `current.json` when it cannot be
        read), `audit_broken_at` (line or None), `ok`.
    Raises:
        ReleaseError: there is nothing at all.
    """
    whole, damaged = _whole_and_damaged()
    if not whole and not damaged and not any(_documents()):
        raise _nothing_here()
    current = releases.pointed_id() or (POINTER if (home() / POINTER).exists() or whole or damaged else None)
    broken = audit.broken_at()
    ok = not damaged and broken is None and (current is None or current in {r.id for r in whole})
    return {"releases": len(whole) + len(damaged), "damaged": damaged, "current": current, "audit_broken_at": broken, "ok": ok}
