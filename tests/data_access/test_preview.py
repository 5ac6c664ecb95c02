"""What a draft would publish: its parts, disclosure control in them, and publishing the version that was seen."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import geo
from data_access import cli
from data_access.contract import schema
from data_access.contract.errors import ReleaseError
from data_access.publishing import drafts, preview
from data_access.questions.query import query
from data_access.questions.senders import in_question
from data_access.store import releases
from data_access.who.access import OPERATOR
from tests.data_access import small

KIND = "reported:school.m6_completers"
CODES = [str(c) for c in geo.provinces().index]
pytestmark = pytest.mark.usefixtures("empty_home")


def completers(values: dict[str, float], year: int = 2566) -> pd.DataFrame:
    """Reported values of one year, of the provinces given."""
    frame = pd.DataFrame({"place_code": list(values), "value": list(values.values())})
    return frame.assign(indicator="school.m6_completers", place_level="province", period=f"AY{year}", sex="all", level="all")


def draft_of(*frames: pd.DataFrame, **answers: object) -> drafts.Draft:
    """The draft in progress with these reported values loaded one after another."""
    draft = drafts.open_draft()
    for frame in frames:
        periods = sorted(frame["period"].unique())
        draft.upsert("reported_value", frame, "file.csv", {"kinds": {KIND: periods}, "typed": 0, **answers})
    return draft


def test_a_measure_is_told_as_pages_will_tell_it() -> None:
    old, new = completers(dict.fromkeys(CODES, 100.0), 2565), completers({c: 50.0 + n for n, c in enumerate(CODES[:-2])})
    draft = draft_of(old, new)
    (part,) = preview.parts(draft)
    assert (part.kind, part.rows, part.periods, part.period, part.before) == (KIND, 152, ("AY2565", "AY2566"), "AY2566", "AY2565")
    assert (part.present, part.expected, part.missing) == (75, 77, tuple(sorted(CODES[-2:])))
    release = drafts.publish(draft)
    for period in part.periods:
        published = query("school.m6_completers", where={"academic_year": period}, release=release.id).iloc[0]
        assert (part.cell(period)["value"], part.cell(period)["state"]) == (published["value"], published["state"])
    shown = query("school.m6_completers", ("province",), {"academic_year": "AY2566"}, release.id)
    mine = part.provinces[part.provinces["period"] == "AY2566"]
    assert mine.set_index("province")["state"].to_dict() == shown.set_index("province")["state"].to_dict()


def test_few_persons_are_hidden_before_publishing_too() -> None:
    values = dict.fromkeys(CODES, 100.0) | {CODES[0]: 3.0}
    (part,) = preview.parts(draft_of(completers(values)))
    states = part.provinces.set_index("province")["state"]
    assert states[CODES[0]] == "suppressed"
    assert (states == "suppressed").sum() >= 2  # another one, so that the country gives nothing away
    (few,) = preview.parts(draft_of(completers({CODES[0]: 4.0}, 2567)))
    assert few.period == "AY2567"
    assert few.cell("AY2567")["state"] == "suppressed"
    assert few.to_json()["total"] == {"value": None, "state": "suppressed", "flag": few.cell("AY2567")["flag"]}


def test_nothing_is_written_into_the_draft() -> None:
    draft = draft_of(completers(dict.fromkeys(CODES, 100.0)))
    before = draft.version, draft.counts()
    preview.parts(draft)
    import sqlalchemy as sa

    assert "summary_reported" not in sa.inspect(draft.engine).get_table_names()
    assert (draft.version, draft.counts()) == before


def test_a_later_load_is_seen_at_once() -> None:
    draft = draft_of(completers(dict.fromkeys(CODES, 100.0)))
    assert preview.parts(draft)[0].cell("AY2566")["value"] == 7700
    assert preview.parts(draft_of(completers(dict.fromkeys(CODES, 200.0))))[0].cell("AY2566")["value"] == 15400


def test_tables_of_persons_are_told_with_rounded_rows_and_protected_numbers() -> None:
    draft = drafts.open_draft()
    for name, frame in small.tables().items():
        draft.upsert(name, frame, f"{name}.csv", {"kinds": {name: sorted(set(frame.get("semester", [])))}, "typed": 0})
    by_kind = {p.kind: p for p in preview.parts(draft)}
    assert set(by_kind) == set(small.tables())
    grants = by_kind["pupil_grant"]
    assert grants.rows % 10 == 0
    assert grants.period == max(small.SEMESTERS)
    release = drafts.publish(draft)
    where = {"semester": grants.period}
    assert grants.cell(grants.period)["value"] == query(grants.indicator, where=where, release=release.id).iloc[0]["value"]


def test_a_table_too_long_is_counted_and_not_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "MOST_ROWS", 10)
    (part,) = preview.parts(draft_of(completers(dict.fromkeys(CODES, 101.0))))
    assert (part.too_long, part.indicator, part.rows, part.present) == (True, "", 77, 77)


def test_every_table_has_a_part_or_no_numbers() -> None:
    """Each table loaded alone, empty but for its log: a part, whatever it is."""
    draft = drafts.open_draft()
    for name in schema.LOADABLE_TABLES:
        draft.upsert(
            name, pd.DataFrame(columns=[c.name for c in schema.TABLES[name].columns]), "x.csv", {"kinds": {name: []}, "typed": 0}
        )
    assert [p.kind for p in preview.parts(draft) if p.rows == 0]


# ---- publishing what was seen
def test_a_draft_that_changed_since_it_was_seen_is_not_published() -> None:
    draft = draft_of(completers(dict.fromkeys(CODES, 100.0)))
    seen = draft.version
    draft_of(completers(dict.fromkeys(CODES, 200.0)))
    with pytest.raises(ReleaseError, match=r"version 1.*version 2"):
        drafts.publish(draft, version=seen)
    assert releases.current_release() is None
    assert drafts.publish(draft, version=draft.version).row_counts["reported_value"] == 77


def test_an_empty_draft_is_not_published(capsys: pytest.CaptureFixture[str]) -> None:
    draft = drafts.open_draft()
    with pytest.raises(ReleaseError, match="empty"):
        drafts.publish(draft)
    assert cli.main(["publish", "--lang", "en"]) == cli.REFUSED
    assert "empty" in capsys.readouterr().err
    assert releases.current_release() is None
    assert drafts.draft_in_progress() is not None


def test_the_command_line_tells_the_draft_and_publishes_the_version_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["draft", "--json"]) == cli.DONE
    assert json.loads(capsys.readouterr().out) == {"draft": None}
    draft_of(
        completers(dict.fromkeys(CODES, 100.0)), accepted={"jump": "checked"}, names={"Loburi": "16"}, values={"period": "AY2566"}
    )
    assert cli.main(["draft", "--json"]) == cli.DONE
    said = json.loads(capsys.readouterr().out)
    assert said["version"] == 1
    assert said["loads"][0]["accepted"] == {"jump": "checked"}
    assert said["loads"][0]["names"] == {"Loburi": "16"}
    assert said["parts"][0]["total"]["value"] == 7700
    assert cli.main(["draft", "--lang", "en"]) == cli.DONE
    assert "7,700" in capsys.readouterr().out
    assert cli.main(["publish", "--version", "2", "--lang", "en"]) == cli.REFUSED
    assert "version 2" in capsys.readouterr().err
    assert cli.main(["publish", "--version", "1"]) == cli.DONE


def test_bueng_kan_is_not_expected_before_it_was_founded() -> None:
    (part,) = preview.parts(draft_of(completers(dict.fromkeys(CODES, 100.0), 2550)))
    expected = in_question(pd.DataFrame({"province_code": CODES}), ["AY2550"], preview.REGISTRY["school.m6_completers"])
    assert part.expected == len(expected) == 76


def test_the_audit_log_says_which_release(capsys: pytest.CaptureFixture[str]) -> None:
    release = drafts.publish(draft_of(completers(dict.fromkeys(CODES, 100.0))), by=OPERATOR)
    assert release.loads[0].kinds == {KIND: ("AY2566",)}


# ---- what a release says of rows that were left out
def _omitted(reason: str, year: int = 2566) -> dict[str, object]:
    return {"column": "สังกัด", "how": "contains", "texts": ["สศศ."], "reason": reason, "rows": 42, "sums": {f"AY{year}": 18116.0}}


def test_what_was_left_out_stays_known_until_another_file_takes_its_place() -> None:
    values = dict.fromkeys(CODES, 100.0)

    def told(release: releases.Release, *kinds: str) -> list[str]:
        return [o.reason for o in releases.left_out(release, kinds or (KIND,))]

    one = drafts.publish(draft_of(completers(values), left_out=[_omitted("first")]))
    assert told(one) == ["first"]
    assert told(one, "reported:pao.budget") == []
    later = drafts.publish(draft_of(completers(values, 2567), left_out=[_omitted("second", 2567)]))
    assert told(later) == ["second", "first"]  # another period
    added = drafts.publish(draft_of(completers({CODES[0]: 5.0}), missing={"choice": "keep"}))
    assert told(added) == ["second", "first"]  # a part of the period
    assert told(drafts.publish(draft_of(completers(values)))) == ["second"]
