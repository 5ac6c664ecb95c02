"""The files of releases on DuckDB: which there are, and whether they are what was published. Looked at without DuckDB."""

from __future__ import annotations

import hashlib
from pathlib import Path

from data_access.contract.errors import ReleaseError
from i18n import N_


class ReleaseFiles:
    """One file a release, a new path each time; never written to once sealed."""

    def __init__(self, folder: Path) -> None:
        self.releases = folder / "releases"

    def path(self, release_id: str) -> Path:
        """Where the file of a release is."""
        return self.releases / f"{release_id}.duckdb"

    def has_release(self, release_id: str) -> bool:
        """Whether there is a file."""
        return self.path(release_id).is_file()

    def release_ids(self) -> set[str]:
        """The releases that have a file."""
        return {path.stem for path in self.releases.glob("*.duckdb")}

    def checksum(self, release_id: str) -> str:
        """SHA-256 of the file; raises ReleaseError when it is missing."""
        return digest(self.there(release_id))

    def there(self, release_id: str) -> Path:
        """The file of a release; raises ReleaseError when it is missing."""
        path = self.path(release_id)
        if not path.is_file():
            raise ReleaseError(N_("The file of release {id} is missing"), id=release_id)
        return path

    def stamp(self, release_id: str) -> str:
        """What changes when somebody changes the file; empty when it is missing."""
        try:
            found = self.path(release_id).stat()
        except OSError:
            return ""
        return f"{found.st_mtime_ns}-{found.st_size}"

    def drop_release(self, release_id: str) -> None:
        """Delete the file."""
        self.path(release_id).unlink(missing_ok=True)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
