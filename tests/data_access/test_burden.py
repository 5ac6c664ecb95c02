"""What the data cost those who send them, from what loading and publishing record."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest

from data_access.analysis.burden import burden, days_to_publishing
from data_access.importing.loading import load
from data_access.publishing import drafts
from data_access.store import releases
from data_access.store.releases import Load
from tests.data_access import small

KIND = "reported:population.registered"


def csv(folder: Path, name: str, rows: str) -> Path:
    path = folder / name
    path.write_text(f"จังหวัด,ประชากร\n{rows}", encoding="utf-8-sig")
    return path


def test_files_typed_fields_and_rows_are_those_of_the_loads(empty_home: Path, tmp_path: Path) -> None:
    first, second = csv(tmp_path, "a.csv", "เชียงใหม่,10\nเชียงราย,5\n"), csv(tmp_path, "b.csv", "พะเยา,7\n")
    assert load(first, KIND, constants={"period": "CY2564"}).ok
    part = {"constants": {"period": "CY2564"}, "mapping": {"value": "ประชากร"}, "missing": "keep"}
    assert load(second, KIND, **part, dry_run=True).ok
    assert load(second, KIND, **part).ok
    release = drafts.publish(drafts.open_draft(), as_of=dt.date(2025, 9, 30))
    (row,) = burden([release]).to_dict("records")
    assert (row["files"], row["typed"], row["rows"], row["per_file"]) == (2, 3, 3, 1.5)
    assert [f.source for f in release.loads] == ["a.csv", "b.csv"]
    assert 0 <= row["days_median"] <= row["days_longest"] < 1


def test_days_run_from_the_loading_of_each_file_to_the_publication(empty_home: Path) -> None:
    release = small.publish(small.reported(1.0))
    loads = [Load(s, at, typed=0, rows={"centre": 2}) for s, at in (("a", "2026-01-01T08:00:00"), ("b", "2026-01-09T20:00:00"))]
    sent = replace(release, published_at="2026-01-11T08:00:00", loads=tuple(loads))
    assert days_to_publishing(sent).tolist() == [10.0, 1.5]
    assert burden([sent])[["days_median", "days_longest"]].to_numpy().tolist() == [[5.75, 10.0]]


def test_rows_of_persons_are_told_as_everywhere(empty_home: Path) -> None:
    release = small.publish(small.reported(1.0))
    few, many = (replace(release, loads=(Load("a", release.published_at, 0, {"pupil_grant": n}),)) for n in (4, 1234))
    found = burden([few, many])["rows"]
    assert found.isna().tolist() == [True, False]
    assert found[1] == 1230


def test_what_was_not_loaded_from_files_is_nobodys_work(empty_home: Path) -> None:
    release = small.publish(small.tables())
    assert burden(releases.list_releases()).empty
    path = releases.manifest_path(release.id)
    older = {k: v for k, v in json.loads(path.read_text(encoding="utf-8")).items() if k != "loads"}
    path.write_text(json.dumps(older), encoding="utf-8")
    assert releases.get_release(release.id).loads == ()


@pytest.mark.usefixtures("demo_home")
def test_the_demonstration_is_generated_and_says_so() -> None:
    assert burden(releases.list_releases()).empty
