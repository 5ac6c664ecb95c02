"""Personal data: keys changed without losing a child, releases deleted in time, national IDs masked in what is typed and exported."""

from __future__ import annotations

import datetime as dt
import json
import logging
from pathlib import Path

import pandas as pd
import pytest

from data_access import audit, drafts, feedback, kept_views, privacy, releases, scenarios, stories
from data_access.access import EVERYWHERE, Person, RoleError
from data_access.errors import UsageError
from data_access.importing.identifiers import keyed_hash, masked
from data_access.importing.loading import load
from data_access.keys import fingerprint, keys
from data_access.logs import JsonLines
from data_access.query import query
from data_access.settings import home
from data_access.stories import Slide
from data_access.tables import read_table
from handouts.common import inert
from tests.data_access import small

OLD, NEW = "the key of the first years", "another-key-from-now-on"
CHILD = "1000000000009"


@pytest.fixture
def under_old_key(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> releases.Release:
    """A release with pupils whose pseudonyms are under the old key."""
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", OLD)
    tables = small.tables()
    grants = tables["pupil_grant"]
    known = {k: keyed_hash(f"{int(k, 16):013d}") for k in grants["pupil_key"].unique()}
    return small.publish({**tables, "pupil_grant": grants.assign(pupil_key=grants["pupil_key"].map(known))})


def pseudonyms(release: releases.Release) -> pd.Series:
    return read_table(release.id, "pupil_grant").set_index(["school_code", "semester"])["pupil_key"]


def test_a_key_is_changed_and_every_child_stays_the_same_one(
    under_old_key: releases.Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = query("grant.basic_recipients", by=("province",), where={"academic_year": "AY2565"})
    monkeypatch.setenv("SAMOEPHAK_ID_KEYS_AFTER", NEW)
    release = privacy.change_key()
    old, new = set(pseudonyms(under_old_key)), set(pseudonyms(release))
    assert len(old) == len(new)
    assert old.isdisjoint(new)
    assert keyed_hash(f"{0:013d}") in new  # the same child in a file that comes tomorrow
    columns = ["province", "value", "state"]
    after = query("grant.basic_recipients", by=("province",), where={"academic_year": "AY2565"})
    pd.testing.assert_frame_equal(before[columns], after[columns])
    assert (under_old_key.key, release.key) == (fingerprint((OLD,)), fingerprint((OLD, NEW)))
    assert audit.entries()[-1].action == "key_changed"
    assert OLD not in json.dumps([e.after for e in audit.entries()]) + release.key


@pytest.mark.parametrize(("first", "after"), [(OLD, ""), (NEW, ""), (NEW, OLD), (OLD, "short"), (OLD, f"{NEW} {NEW}x")])
def test_a_change_with_the_wrong_keys_is_refused_and_changes_nothing(
    under_old_key: releases.Release, monkeypatch: pytest.MonkeyPatch, first: str, after: str
) -> None:
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", first)
    monkeypatch.setenv("SAMOEPHAK_ID_KEYS_AFTER", after)
    with pytest.raises(UsageError, match="SAMOEPHAK_ID_KEYS_AFTER"):
        privacy.change_key()
    assert releases.current_release() == under_old_key
    assert drafts.draft_in_progress() is None


def test_a_file_is_refused_under_another_key_than_that_of_the_release(
    under_old_key: releases.Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "pupils.csv"
    heads = "เลขประจำตัวประชาชน,ภาคเรียน,รหัสโรงเรียน,ระดับ,เพศ,สถานะความยากจน,ขั้นตอน"
    file.write_text(f"{heads}\n{CHILD},1/2565,{small.schools()['school_code'][0]},ป.,ชาย,ยากจน,จ่ายแล้ว\n", encoding="utf-8")
    assert load(file, "pupil_grant", dry_run=True).ok
    monkeypatch.setenv("SAMOEPHAK_ID_KEY", NEW)
    assert "id_key_differs" in {p.code for p in load(file, "pupil_grant").problems}


def test_old_releases_are_deleted_in_time_but_never_those_that_readers_need(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [small.publish(small.reported(float(n))) for n in range(4)]
    releases.rollback(found[1].id)
    later = dt.date.today() + dt.timedelta(days=100)
    assert privacy.delete_expired(today=later) == []  # no term is set
    monkeypatch.setenv("SAMOEPHAK_KEEP_RELEASES_DAYS", "90")
    assert privacy.delete_expired() == []
    with pytest.raises(RoleError):
        privacy.delete_expired(Person("s", "steward", EVERYWHERE), later)
    assert privacy.delete_expired(today=later) == [found[0].id]
    assert {r.id for r in releases.list_releases()} == {r.id for r in found[1:]}
    assert audit.entries()[-1].before == found[0].id
    assert releases.current_release() == found[1]


def test_keys_that_are_too_short_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for first, after in (("", ""), ("", NEW), ("short", ""), (OLD, "short"), (OLD, f"{NEW} short")):
        monkeypatch.setenv("SAMOEPHAK_ID_KEY", first)
        monkeypatch.setenv("SAMOEPHAK_ID_KEYS_AFTER", after)
        assert keys() == ()


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"see {CHILD}.", "see •••••••••••09."),
        ("1-0000-00000-00-9", "•••••••••••09"),
        ("๑๐๐๐๐๐๐๐๐๐๐๐๙", "•••••••••••09"),
        ("1000000000001", "1000000000001"),  # no check digit: a number
        ("0.1000000000009 and 1,000,000,000,009", "0.1000000000009 and 1,000,000,000,009"),
        ("10000000000090", "10000000000090"),
    ],
)
def test_national_ids_are_masked_and_other_numbers_are_not(text: str, hidden: str) -> None:
    assert masked(text) == hidden


def test_no_id_that_somebody_types_is_kept_or_exported(empty_home: Path) -> None:
    slide = Slide(f"of {CHILD}", f"text {CHILD}", "", (), (), (), "", "th", notes=f"notes {CHILD}")
    story = stories.create(f"story {CHILD}")
    stories.add(story.id, slide, None, "r1", "2025-01-01")
    stories.edit(story.id, slide.id, "text", f"again {CHILD}")
    view = kept_views.keep(f"view {CHILD}", "grants", {})
    kept_views.note(view.id, f"child {CHILD}", f"by {CHILD}", "r1")
    feedback.leave(f"remark {CHILD}", f"{CHILD}", "grants", "r1")
    scenarios.save(scenarios.Scenario(f"scenario {CHILD}"))
    written = "".join(p.read_text(encoding="utf-8") for p in home().rglob("*.json"))
    assert "again" in written
    assert CHILD not in written
    assert inert(f"cell {CHILD}") == "cell •••••••••••09"
    assert inert(f"={CHILD}") == "'=•••••••••••09"


def test_the_log_holds_no_id_address_or_name() -> None:
    try:
        raise ValueError(f"row of {CHILD} somchai@example.org เด็กชายสมชาย")
    except ValueError as error:
        record = logging.LogRecord(
            "samoephak", logging.ERROR, "f", 1, "look at %s", (CHILD,), (type(error), error, error.__traceback__)
        )
    line = JsonLines().format(record)
    found = json.loads(line)
    assert found["error"] == "ValueError"
    assert found["where"]
    assert not any(word in line for word in (CHILD, "somchai", "สมชาย"))
