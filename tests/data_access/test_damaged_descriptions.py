"""One description that says nothing, whichever: it is named, everything else goes on, and a backup brings it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data_access import cli
from data_access.contract.settings import home
from data_access.importing import mapping as maps
from data_access.publishing import drafts
from data_access.questions.query import query
from data_access.store import releases
from data_access.store.releases import Release, manifest_path
from tests.data_access import small


def _changed(**what: Any) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        return json.dumps({k: v for k, v in {**json.loads(content), **what}.items() if v != "gone"}).encode()

    return change


DAMAGES: dict[str, Callable[[bytes], bytes] | None] = {
    "a directory": None,
    "empty": lambda _content: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "not UTF-8": lambda content: content.replace(b"tests", b"\xff\xfe"),
    "another encoding": lambda content: content.decode().encode("utf-16"),
    "zeros": lambda content: bytes(len(content)),
    "nested": lambda _content: b"[" * 100_000,
    "a list": lambda _content: b"[]",
    "of another release": _changed(id="r20200101-000000"),
    "no day": _changed(as_of="soon"),
    "rows in words": _changed(row_counts={"pupil_grant": "many"}),
    **{
        f"no {key}": _changed(**{key: "gone"}) for key in ("id", "as_of", "published_at", "note", "demo", "sources", "row_counts")
    },
    **{f"{key} of a wrong kind": _changed(**{key: {"a": [1]}}) for key in ("as_of", "demo", "sources", "row_counts", "checksum")},
    **{f"{key} null": _changed(**{key: None}) for key in ("note", "changes", "loads", "checksum", "key")},
}


def damage(release: Release, how: str) -> None:
    """Change the description of a release."""
    path, change = manifest_path(release.id), DAMAGES[how]
    content = path.read_bytes()
    path.unlink()
    if change is None:
        path.mkdir()
    else:
        assert change(content) != content
        path.write_bytes(change(content))


@pytest.fixture
def two(empty_home: Path) -> tuple[Release, Release]:
    """Two releases, 1 and 2 baht a province; readers see the second."""
    return small.publish(small.reported(1.0), note="first"), small.publish(small.reported(2.0), note="second")


def run(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, Any, str]:
    """What a command answers: exit code, JSON, standard error."""
    code = cli.main([*command, "--json", "--lang", "en"])
    out = capsys.readouterr()
    return code, json.loads(out.out), out.err


@pytest.mark.parametrize("which", [0, 1], ids=["an old one", "the current one"])
def test_every_command_names_the_damaged_one_and_goes_on(
    two: tuple[Release, Release], which: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hurt, other = two[which], two[1 - which]
    run(capsys, "backup", str(tmp_path / "whole.zip"))
    content = manifest_path(hurt.id).read_bytes()
    for how in DAMAGES:
        damage(hurt, how)
        code, found, said = run(capsys, "releases")
        assert (code, [(r["id"], r["damaged"]) for r in found]) == (0, [(r.id, r is hurt) for r in reversed(two)]), how
        assert hurt.id in said
        code, found, _said = run(capsys, "verify")
        assert (code, found["damaged"], found["current"], found["ok"]) == (1, [hurt.id], two[1].id, False), how
        served, told = releases.served_release()
        assert (served, told) == ((two[1], "") if which == 0 else (other, hurt.id)), how
        assert releases.list_releases() == [other]
        for act in (["rollback", hurt.id], ["diff", two[0].id, two[1].id]):
            assert "is damaged or missing" in run(capsys, *act)[1]["message"], how
        if manifest_path(hurt.id).is_dir():
            manifest_path(hurt.id).rmdir()
        manifest_path(hurt.id).write_bytes(content)
    assert run(capsys, "verify")[1]["ok"]
    damage(hurt, "a directory")
    code, found, said = run(capsys, "backup", str(tmp_path / "b.zip"))
    assert (code, found["releases"], found["damaged"]) == (1, 1, [hurt.id])
    assert hurt.id in said
    drafts.open_draft().upsert("reported_value", small.reported(3.0)["reported_value"], "tests")
    code, third, _said = run(capsys, "publish")
    assert (code, releases.served_release()[0].id) == (0, third["id"])  # type: ignore[union-attr]
    code, found, _said = run(capsys, "restore", str(tmp_path / "whole.zip"))
    assert (code, found["releases"], releases.undescribed()) == (0, 1, [])
    assert query("pao.budget", release=hurt.id).iloc[0]["value"] == (which + 1) * len(small.PROVINCES)
    assert releases.served_now() == third["id"]  # nothing else has changed
    assert run(capsys, "restore", str(tmp_path / "whole.zip"))[0] == 1


@pytest.mark.duckdb_files
def test_a_lost_pointer_or_description_serves_what_there_is_and_builds_no_demonstration(two: tuple[Release, Release]) -> None:
    (home() / "current.json").unlink()
    assert releases.served_release() == (two[1], "current.json")
    manifest_path(two[1].id).unlink()
    assert releases.undescribed() == [two[1].id]
    assert releases.served_release() == (two[0], "current.json")


def test_what_is_written_is_what_is_read(empty_home: Path) -> None:
    draft = small.draft(small.reported(1.0))
    left_out = {"column": "สังกัด", "how": "contains", "texts": ["สศศ."], "reason": "why", "rows": 42, "sums": {"AY2566": 18.5}}
    draft.upsert(
        "reported_value",
        small.reported(2.0)["reported_value"],
        "t.csv",
        {"accepted": {"code": "why"}, "typed": 2, "left_out": [left_out]},
    )
    release = drafts.publish(draft)
    assert release.loads
    assert releases.get_release(release.id) == release == releases.parsed(releases.described(release))


DOCUMENTS = {
    "empty": b"",
    "nothing": b"null",
    "a number": b"3",
    "a list of it": b"[null]",
    "not UTF-8": b"\xff\xfe\x00",
    "nested": b"[" * 100_000,
    "of wrong kinds": b'{"kind": null, "columns": [1], "province": 5, "a@b.th": 5, "draft": []}',
    "a directory": None,
}


@pytest.mark.parametrize("how", DOCUMENTS)
@pytest.mark.parametrize(
    "name", ["profiles/p.json", "accepted_names.json", "people.json", "drafts/open.json", "drafts/{draft}.log.json"]
)
def test_a_damaged_document_is_told_by_its_name(
    empty_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    path = empty_home / name.format(draft=drafts.open_draft().id)
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    content = DOCUMENTS[how]
    path.mkdir() if content is None else path.write_bytes(content)
    file = tmp_path / "t.csv"
    file.write_text("จังหวัด,งบประมาณ (บาท)\nเลย,1000\nตาก,2000\n", encoding="utf-8")
    load = ("load", str(file), "--kind", "reported:pao.budget", "--set", "period=FY2565")
    command = {"profiles": (*load, "--profile", "p"), "accepted_names.json": load, "people.json": ("people",)}.get(
        Path(name).parts[0], ("draft",)
    )
    code, answer, said = run(capsys, *command)
    assert code in (cli.REFUSED, cli.USAGE)
    assert path.name in answer["message"]
    assert "Traceback" not in said
    assert maps.profiles_of("reported:pao.budget") == []


@pytest.mark.duckdb_files
def test_a_damaged_draft_is_not_taken_for_one_at_work(empty_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = drafts.open_draft()
    draft.engine.dispose()
    content = draft_file(draft.id).read_bytes()
    third = len(content) // 3
    draft_file("other").write_bytes(content[:third] + b"\xa5" * third + content[2 * third :])
    (empty_home / "drafts" / "open.json").write_text('{"draft": "other"}', encoding="utf-8")
    code, answer, _said = run(capsys, "draft")
    assert code == cli.REFUSED
    assert "refused to go on" in answer["message"]


def draft_file(draft_id: str) -> Path:
    """The file of a draft."""
    return home() / "drafts" / f"{draft_id}.duckdb"
