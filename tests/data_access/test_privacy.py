"""Personal data: keys changed without losing a child, releases deleted in time, national IDs masked in what is typed and exported."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.contract import national_ids, schema
from data_access.contract.errors import UsageError
from data_access.contract.national_ids import masked
from data_access.contract.settings import home
from data_access.importing import mapping, places
from data_access.importing.identifiers import keyed_hash
from data_access.importing.loading import load
from data_access.logs import JsonLines
from data_access.publishing import drafts, privacy
from data_access.questions.query import query
from data_access.saved import feedback, saved_views, scenarios, stories
from data_access.saved.stories import Slide
from data_access.store import releases
from data_access.store.tables import read_table
from data_access.who import audit
from data_access.who.access import EVERYWHERE, Person, RoleError
from data_access.who.keys import fingerprint, keys
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
    assert load(file, "pupil_grant", dry_run=True, missing="keep").ok
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


DISGUISED = "๑.๐๐๐๐.\u200b๐๐๐๐๐.๐๐.๙"
HIDDEN = "•••••••••••09"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"see {CHILD}.", f"see {HIDDEN}."),
        ("๑๐๐๐๐๐๐๐๐๐๐๐๙", HIDDEN),
        (DISGUISED, HIDDEN),
        ("1.1017.00230.70.8", "•••••••••••08"),
        *(
            (mark.join(("1", "0000", "00000", "00", "9")), HIDDEN)
            for mark in "-–\u2010\u2011\u2212./\\_,:|·\xa0\u3000\u200b\u2060\xad"
        ),
        ("1  0000   00000 - 00 9", HIDDEN),
        ("1-0000-00000-00-1", "•••••••••••01"),  # mistyped, but written as on the card
        (f"no.{CHILD} ID{CHILD}, เลข{CHILD}ค่ะ", f"no.{HIDDEN} ID{HIDDEN}, เลข{HIDDEN}ค่ะ"),
        (f"5.{CHILD} {CHILD}.5 {CHILD},{CHILD}", f"5.{HIDDEN} {HIDDEN}.5 {HIDDEN},{HIDDEN}"),
        (f"อายุ 7 ปี 2565 {' '.join(CHILD)}", f"อายุ 7 ปี 2565 {HIDDEN}"),
    ],
)
def test_national_ids_are_masked_however_they_are_written(text: str, hidden: str) -> None:
    assert masked(text) == hidden
    assert masked(hidden) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "1000000000001",  # 13 digits without the check digit: a number
        "10000000000090 0105512345678",
        "0.1000000000009 and 1,000,000,000,009 and 1,234,567.89",
        "081-234-5678, 02 123 4567, +66 81 234 5678",
        "1/10/2564-30/9/2565, 2025-10-01 08:30:15.123, 1/2565 2/2565",
        "2565 2566 2567 2568 2569",
        "1010720001 50010001 10300002",
        " ".join(str(n) for n in range(100, 200)),
        f"{0xAB:02x}{CHILD}{'0' * 17}",  # a digest of 32 hexadecimal digits
        "r20251001-083015-02",
    ],
)
def test_other_numbers_are_left_as_they_are(text: str) -> None:
    assert masked(text) == text


ids = st.integers(10**11, 9 * 10**11 - 1).map(
    lambda n: f"{n}{(11 - sum(int(d) * w for d, w in zip(str(n), range(13, 1, -1), strict=False)) % 11) % 10}"
)
marks = st.text(st.sampled_from(" \xa0\u2009-\u2010\u2011–—−./_\\|·@#&*"), max_size=2)
unseen = st.text(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\xad"), max_size=2)
scripts = st.sampled_from(("0123456789", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "໐໑໒໓໔໕໖໗໘໙"))


@settings(max_examples=300, deadline=None)
@given(
    ids.filter(lambda n: len(n) == 13),
    st.data(),
    scripts,
    st.sampled_from(("", "ก ", "เลข", "no.", "(", "x-")),
    st.sampled_from(("", " ค่ะ", ")", ".", ",", "…")),
)
def test_no_disguise_gets_an_id_past_the_mask(number: str, data: st.DataObject, script: str, before: str, after: str) -> None:
    between = data.draw(st.lists(st.tuples(unseen, marks, unseen).map("".join), min_size=12, max_size=12))
    written = number[0] + "".join(m + d for m, d in zip(between, number[1:], strict=True))
    hidden = masked(before + written.translate(str.maketrans("0123456789", script)) + after)
    assert hidden == f"{before}{'•' * 11}{number[-2:]}{after}"
    assert masked(hidden) == hidden


def test_every_digit_of_unicode_and_every_character_that_nobody_sees_is_known_to_the_mask() -> None:
    every = [chr(n) for n in range(sys.maxunicode + 1)]
    digits = [c for c in every if unicodedata.digit(c, None) is not None]
    unseen = [
        c for c in every if unicodedata.category(c) in {"Cf", "Mn", "Me", "Cc", "Zs"} or "FILLER" in unicodedata.name(c, "")
    ]
    past = [c for c in digits if "•" not in masked(f"1-1017-{c * 5}-45-0")]
    past += [c for c in unseen if "•" not in masked(c.join(CHILD))]
    assert [f"U+{ord(c):04X}" for c in past] == []


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**12 - 1), st.integers(0, 99), st.integers(2500, 2600))
def test_no_ordinary_number_is_eaten(number: int, part: int, year: int) -> None:
    for text in (f"{number:,}.{part:02}", f"{number}", f"{number * 100:,}", f"ปี {year} {number:,}", f"0.{number:013}"):
        assert masked(text) == text


def places_for_words() -> dict[str, pd.DataFrame]:
    """A row of every table of the contract that has words in it, an ID in each."""
    found = {}
    for name, table in schema.TABLES.items():
        words = {c.name for c in table.columns if schema.free_text(c)}
        if words and not table.info["reference"]:
            row = {c.name: f"of {DISGUISED}" if c.name in words else _any_value(c) for c in table.columns}
            found[name] = pd.DataFrame([row])
    return found


def _any_value(column: sa.Column) -> object:
    if isinstance(column.type, sa.Boolean):
        return True
    if isinstance(column.type, sa.Date):
        return dt.date(2025, 1, 1)
    return (schema.contract(column).values or ("10",))[0] if isinstance(column.type, sa.String) else 1


def test_no_id_that_somebody_types_is_kept_or_exported(empty_home: Path) -> None:
    """Every place that keeps what people write: documents of the data directory, the audit log, and the tables of a release."""
    said = f"of {DISGUISED}"
    slide = Slide(f"{said} a", said, said, (("label", said),), (said,), ((said,),), said, "th", (), notes=said, remarks=said)
    story = stories.create(said)
    stories.add(story.id, slide, None, "r1", "2025-01-01")
    stories.edit(story.id, slide.id, "text", f"again {said}")
    view = saved_views.keep(said, "grants", {"q": said})
    saved_views.note(view.id, said, said, "r1")
    feedback.leave(said, said, f"grants?q={said}", "r1")
    scenarios.save(scenarios.Scenario(said))
    mapping.save_profile("profile", {"columns": {"value": said}})
    places.accept([places.Guess("province", said, "", "10", 0.9, ())])
    with pytest.raises(UsageError):
        mapping.save_profile(f"of {CHILD}", {})
    draft = drafts.new_draft(None)
    for name, frame in places_for_words().items():
        draft.upsert(name, frame, said, {"accepted": {"jump": said}, "typed": 0})
    release = drafts.publish(draft, dt.date(2025, 9, 30), said)
    assert releases.get_release(release.id) == release
    audit.record(Person("s", "steward", EVERYWHERE), "loaded", before=said, after=said)
    assert audit.broken_at() is None

    written = "".join(p.read_text(encoding="utf-8") for p in home().rglob("*.json*"))
    assert written.count(HIDDEN) > 20
    assert "again" in written
    assert not national_ids.find(written.replace("\\", ""))
    assert "๐" not in written
    for name in places_for_words():
        kept = read_table(release.id, name)
        for column in filter(schema.free_text, schema.TABLES[name].columns):
            assert set(kept[column.name]) == {f"of {HIDDEN}"}, f"{name}.{column.name}"
    assert inert(f"cell {DISGUISED}") == f"cell {HIDDEN}"
    assert inert(f"={CHILD}") == f"'={HIDDEN}"


ROOT = Path(__file__).parents[2]
WRITERS = {
    "data_access/who/audit.py": "every entry is masked before it is sealed",
    "data_access/publishing/backup.py": "files as they were kept; a restored description goes the common way",
    "data_access/documents.py": "docs/, from the contract alone",
    "data_access/importing/templates.py": "empty templates, from the contract alone",
    "data_access/importing/workbook.py": "reports, whose cells are masked",
    "data_access/store/releases.py": "the common way: write_atomically",
    "data_access/saved/stories.py": "pictures; their words go the common way",
}
TYPED = {
    "ui/data_desk/drafts.py": "note of a release",
    "ui/data_desk/declaring.py": "names, units and sources of measures, masked as they are declared",
    "ui/data_desk/findings.py": "reasons with which warnings are accepted",
    "ui/data_desk/leaving_out.py": "rules and reasons for rows that are left out, masked as they are logged",
    "ui/data_desk/mapping.py": "constants of a table, which are checked as its cells are; names of profiles",
    "ui/data_desk/measures.py": "words of measures, masked as they are declared",
    "ui/data_desk/people.py": "an address, which has a form of its own",
    "ui/blocks/fields.py": "what is searched for, masked as it comes in",
    "ui/frame/help.py": "remarks",
    "ui/meetings/saved_views.py": "kept views and their notes",
    "ui/meetings/review.py": "stories",
    "ui/frame/search.py": "what is searched for, kept nowhere",
}


def test_what_people_type_is_written_in_places_that_are_known() -> None:
    """A new file that writes, or a new field to type in, is looked at before it is listed here."""
    sources = {
        p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8")
        for room in ("data_access", "ui", "pages")
        for p in (ROOT / room).rglob("*.py")
    }
    writes = re.compile(r"\.write_(text|bytes)\(|\.open\(\"[wax]")
    assert {name for name, text in sources.items() if name.startswith("data_access") and writes.search(text)} == set(WRITERS)
    types = re.compile(r"st\.(text_area|text_input|chat_input|data_editor)\(|put\(\"typed\"")
    assert {name for name, text in sources.items() if types.search(text)} == set(TYPED)


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
