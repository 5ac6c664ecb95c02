"""`python -m tests.bench.loading [1m 10m]`: a CSV of pupils' grants loaded into a draft, checked, at several sizes.

The file is the demonstration with its pupils repeated. Prints rows a second, peak memory, and the time as a ratio to only taking the
same file apart with pyarrow, the floor of any loader here; each size in a process of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as csv


def write(demo: pd.DataFrame, rows: int, path: Path) -> None:
    """The pupils of the demonstration again and again, each time under other keys."""
    with path.open("wb") as out:
        for copy, done in enumerate(range(0, rows, len(demo))):
            frame = demo.head(rows - done)
            if copy:
                frame = frame.assign(pupil_key=[hashlib.md5(f"{copy}-{k}".encode()).hexdigest() for k in frame["pupil_key"]])
            table = pa.Table.from_pandas(frame, preserve_index=False)
            csv.write_csv(table, out, csv.WriteOptions(include_header=not copy, quoting_style="needed"))


def taken_apart(path: Path) -> float:
    """Seconds to read the file as text, and nothing else."""
    started = time.perf_counter()
    names = csv.open_csv(path).schema.names
    options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    for _ in csv.open_csv(path, csv.ReadOptions(use_threads=False), csv.ParseOptions(newlines_in_values=True), options):
        pass
    return time.perf_counter() - started


def one(rows: int, folder: Path) -> dict[str, Any]:
    """Write, take apart and load one size in this process."""
    from data_access import bootstrap, drafts
    from data_access.importing.loading import load
    from data_access.tables import read_table

    release = bootstrap.publish_demo()
    path = folder / "grants.csv"
    write(read_table(release.id, "pupil_grant"), rows, path)
    draft = drafts.open_draft()
    for name in ("lao", "school", "rate"):
        draft.upsert(name, read_table(release.id, name), "bench")
    floor = taken_apart(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    report = load(path, "pupil_grant")
    seconds = time.perf_counter() - started
    assert report.ok
    assert report.rows_written == {"pupil_grant": rows}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e6
    return {"rows": rows, "megabytes": path.stat().st_size / 1e6, "seconds": seconds, "floor": floor, "gigabytes": grown}


def main() -> int:
    """One child process a size; the table of them."""
    from data_access.demo.scaling import rows_of

    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(one(int(sys.argv[2]), Path(sys.argv[3]))))
        return 0
    print(f"{'rows':>12}{'file MB':>9}{'load s':>8}{'rows/s':>10}{'over reading':>14}{'memory +GB':>12}")
    for rows in sys.argv[1:] or ("1m", "10m"):
        with tempfile.TemporaryDirectory() as home:
            child = subprocess.run(
                [sys.executable, "-m", "tests.bench.loading", "--child", str(rows_of(rows)), home],
                env={**os.environ, "SAMOEPHAK_HOME": home},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        f = json.loads(child.stdout.splitlines()[-1])
        speed = f"{f['seconds']:8.1f}{f['rows'] / f['seconds']:10,.0f}{f['seconds'] / f['floor']:14.1f}{f['gigabytes']:12.2f}"
        print(f"{f['rows']:12,}{f['megabytes']:9,.0f}{speed}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
