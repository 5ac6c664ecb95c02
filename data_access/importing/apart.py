"""Files whose reader takes memory that nobody can measure beforehand, read in a process of their own, which has a limit.

An XLS or ODS file makes a rectangle of as many cells as it likes and gives one text to all of them, the dictionary of a Parquet file a text of
megabytes to every row, before anything can be counted. The process knows no secret of the server, gives way to it (`nice`), and sends what it has
read a piece at a time, so that readers of the server do not wait for it.

`python -m data_access.importing.apart` is that process; what it reads is told on its standard input.
"""

from __future__ import annotations

import json
import os
import pickle  # nosec B403: only `_Pieces` reads, and it makes values alone
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data_access.importing.limits import Limits
from data_access.importing.problems import ImportRefused, damaged
from i18n import N_

ROOT = Path(__file__).parents[2]
SYSTEM = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT")
"""What programs need of an environment; that of the server holds keys and passwords."""
TOO_LARGE, REFUSED, ENDED = 77, "refused", "ended"
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # others set addresses aside that count against the limit
    "MALLOC_ARENA_MAX": "1",
}
PLAIN = {
    *(("datetime", name) for name in ("datetime", "date", "time", "timedelta")),
    *(("data_access.importing.zipped", "Marks"), ("data_access.importing.spreadsheets", "Head")),
    ("data_access.importing.parquets", "About"),
}


class _Pieces(pickle.Unpickler):
    """What the process sends, and nothing that runs: it has read a stranger's file."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in PLAIN:
            raise pickle.UnpicklingError(name)
        return super().find_class(module, name)


def read(kind: str, path: Path, name: str, limits: Limits) -> Iterator[Any]:
    """What `spreadsheets.parts` (kind `workbook`) or `parquets.parts` (`parquet`) gives of a file.

    Raises:
        ImportRefused: what they refuse; the file takes more memory or time than it may, or ends its reader.
    """
    command = [sys.executable, "-P", "-m", __name__]
    kept = {name: value for name, value in os.environ.items() if name in SYSTEM}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**kept, **ENVIRONMENT}
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with process.stdin as asked:
            asked.write(json.dumps([kind, str(path), name, asdict(limits)]).encode())
        while True:
            what, piece = _Pieces(process.stdout).load()
            if what == ENDED:
                return
            if what == REFUSED:
                raise ImportRefused(piece[0], **piece[1])
            yield piece
    except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
        raise _why(process.wait(), path.stat().st_size, name, limits) from error
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _why(code: int, size: int, name: str, limits: Limits) -> ImportRefused:
    if code == -signal.SIGXCPU:
        return ImportRefused(
            N_("{name} takes more than {limit} seconds to be read; it was not opened. Split it, or save the table as CSV"),
            name=name,
            limit=limits.seconds_for(size),
        )
    if code in (TOO_LARGE, -signal.SIGABRT, -signal.SIGKILL):  # Rust and C++ end a process that gets no memory
        return ImportRefused(
            N_(
                "{name} takes more than {limit} MB of memory, far more than a table of its size would; it was not opened. "
                "Delete what lies outside the table, or save the table as CSV"
            ),
            name=name,
            limit=limits.memory_for(size) // 1024**2,
        )
    return damaged(name)


def _limit(size: int, limits: Limits) -> None:
    """Bound the memory of this process above what it has now, and its time, where the system can (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    with suppress(PermissionError):  # the unit of systemd forbids it
        os.nice(10)

    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    most = taken + limits.memory_for(size)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seconds = limits.seconds_for(size)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def main(kind: str, path: Path, name: str, limits: Limits) -> int:
    """Read a file and write its pieces, each as (kind of piece, piece), to the standard output."""
    out = sys.stdout.buffer
    if kind == "workbook":
        from data_access.importing import spreadsheets

        _limit(path.stat().st_size, limits)
        found: Iterator[Any] = spreadsheets.parts(path.read_bytes(), name, limits)
    else:
        from data_access.importing import parquets

        _limit(path.stat().st_size, limits)
        found = parquets.parts(path, name, limits)
    last: tuple[str, Any] = (ENDED, None)
    try:
        for piece in found:
            out.write(pickle.dumps(("", piece), 5))
    except ImportRefused as error:
        last = (REFUSED, (error.msgid, error.params))
    except MemoryError:  # `pyarrow.ArrowMemoryError` is one too
        return TOO_LARGE
    out.write(pickle.dumps(last, 5))
    out.flush()
    return 0


if __name__ == "__main__":
    kind, path, name, limits = json.load(sys.stdin)
    os._exit(main(kind, Path(path), name, Limits(**limits)))  # nothing is left to be tidied, which takes as long as starting did
