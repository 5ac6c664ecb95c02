"""The command line: demo, claims, inspect, load, publish, releases, diff, rollback, query, indicators, check, templates.

Exit codes: 0 done; 1 refused because of the input (the report says why); 2 wrong usage. With `--json` the answer is one JSON
document on standard output, with the keys documented in `docs/command-line.md`; everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data_access.errors import SamoephakError, UsageError
from i18n import N_, gettext

DONE, REFUSED, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(argv)
    try:
        code, answer = options.run(options)
    except UsageError as error:
        print(error.message(options.lang), file=sys.stderr)
        return USAGE
    except SamoephakError as error:
        print(error.message(options.lang), file=sys.stderr)
        return REFUSED
    if options.json:
        print(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
    else:
        print(_text(answer))
    return code


Answer = tuple[int, Any]
Command = Callable[[argparse.Namespace], Answer]


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="one JSON document on standard output")
    common.add_argument("--lang", choices=("th", "en"), default="th", help="language of messages")
    parser = argparse.ArgumentParser(prog="python -m data_access", description=__doc__.splitlines()[0] if __doc__ else "")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, run: Command, summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, parents=[common], help=summary)
        sub.set_defaults(run=run)
        return sub

    add("demo", _demo, "build and publish the demonstration data")
    add("claims", _claims, "published figures beside the computed ones").add_argument("--release")
    inspect = add("inspect", _inspect, "what the importer sees in a file; nothing is loaded")
    inspect.add_argument("file")
    _load_options(add("load", _load, "load a file into the draft"))
    publish = add("publish", _publish, "make the draft the release that everybody sees")
    publish.add_argument("--as-of", type=_date, default=None, metavar="YYYY-MM-DD", help="CE or BE year")
    publish.add_argument("--note", default="")
    add("releases", _releases, "every published release, newest first")
    diff = add("diff", _diff, "what changed between two releases")
    diff.add_argument("old")
    diff.add_argument("new")
    add("rollback", _rollback, "make an old release the current one").add_argument("id")
    query = add("query", _query, "ask for the cells of an indicator")
    query.add_argument("indicator")
    query.add_argument("--by", default="", help="comma-separated keys")
    query.add_argument("--where", nargs="*", action="extend", default=[], metavar="key=value")
    query.add_argument("--release")
    add("indicators", _indicators, "every indicator with its definition")
    add("check", _check, "verify the current release: checksum, claims, completeness")
    templates = add("templates", _templates, "write an XLSX template for every table")
    templates.add_argument("--out", type=Path, default=Path("templates"))
    return parser


def _load_options(load: argparse.ArgumentParser) -> None:
    load.add_argument("file", help="a file, or an SQLAlchemy URL")
    load.add_argument("--kind", required=True, help="a table of the contract, or reported:INDICATOR_ID")
    load.add_argument("--sheet")
    load.add_argument("--profile")
    load.add_argument("--set", nargs="*", action="extend", default=[], metavar="column=value", help="a constant for a column")
    load.add_argument(
        "--map", nargs="*", action="extend", default=[], metavar="column=heading", help="which heading feeds a column"
    )
    load.add_argument("--query", help="SQL to read when FILE is a database URL")
    load.add_argument("--accept-guesses", action="store_true")
    load.add_argument("--dry-run", action="store_true")


def _date(text: str) -> dt.date:
    year, month, day = (int(part) for part in text.split("-"))
    return dt.date(year - 543 if year > 2400 else year, month, day)


def _pairs(items: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for item in items:
        key, sign, value = item.partition("=")
        if not sign:
            raise UsageError(N_("{item} is not of the form key=value"), item=item)
        pairs[key] = value
    return pairs


def _progress(lang: str) -> Callable[[float, str], None] | None:
    if not sys.stderr.isatty():
        return None
    bar = tqdm(total=100, unit="%", file=sys.stderr)

    def report(share: float, step: str) -> None:
        bar.set_description(gettext(step, lang))
        bar.update(round(share * 100) - bar.n)
        if share >= 1:
            bar.close()

    return report


# ---- commands -----------------------------------------------------------------------------------------------------------
def _demo(options: argparse.Namespace) -> Answer:
    from data_access.bootstrap import publish_demo

    return DONE, asdict(publish_demo(_progress(options.lang)))


def _claims(options: argparse.Namespace) -> Answer:
    from data_access.claims import ledger
    from data_access.query import to_records

    frame = ledger(options.release)
    keep = [
        "claim_id",
        "value",
        "computed",
        "difference",
        "status",
        "comparator",
        "tolerance",
        "unit",
        "period",
        "indicator",
        "query",
        "published_per_head",
        "computed_per_head",
        "sentence_th",
        "sentence_en",
        "source",
        "note",
    ]
    return DONE, to_records(frame[keep].rename(columns={"claim_id": "id", "value": "published"}))


def _inspect(options: argparse.Namespace) -> Answer:
    from data_access.importing import inspect

    return DONE, inspect(options.file).to_json(options.lang)


def _load(options: argparse.Namespace) -> Answer:
    from data_access.importing import load

    report = load(
        options.file,
        options.kind,
        sheet=options.sheet,
        profile=options.profile,
        constants=_pairs(options.set),
        mapping=_pairs(options.map),
        accept_guesses=options.accept_guesses,
        dry_run=options.dry_run,
        query=options.query,
    )
    return (DONE if report.ok else REFUSED), report.to_json(options.lang)


def _publish(options: argparse.Namespace) -> Answer:
    from data_access import releases

    draft = releases.draft_in_progress()
    if draft is None:
        raise UsageError(N_("There is no draft to publish; load a file first"))
    return DONE, asdict(releases.publish(draft, as_of=options.as_of, note=options.note))


def _releases(options: argparse.Namespace) -> Answer:
    from data_access import releases

    current = releases.current_release()
    return DONE, [{**asdict(r), "current": current is not None and r.id == current.id} for r in releases.list_releases()]


def _diff(options: argparse.Namespace) -> Answer:
    from data_access import releases
    from data_access.query import to_records

    return DONE, {name: to_records(frame) for name, frame in releases.diff(options.old, options.new).items()}


def _rollback(options: argparse.Namespace) -> Answer:
    from data_access import releases

    return DONE, asdict(releases.rollback(options.id))


def _query(options: argparse.Namespace) -> Answer:
    from data_access.query import query, to_records

    where: dict[str, Any] = {k: v.split(",") for k, v in _pairs(options.where).items()}
    by = tuple(k for k in options.by.split(",") if k)
    return DONE, to_records(query(options.indicator, by=by, where=where, release=options.release))


def _indicators(options: argparse.Namespace) -> Answer:
    from data_access.indicators import REGISTRY

    return DONE, [asdict(i) for i in REGISTRY.values()]


def _check(options: argparse.Namespace) -> Answer:
    from data_access import releases
    from data_access.claims import ledger

    release = releases.require_release()
    releases.verify(release)
    statuses = ledger(release.id)["status"].value_counts().to_dict()
    return DONE, {
        "release": release.id,
        "checksum": "ok",
        "demo": release.demo,
        "claims": statuses,
        "row_counts": release.row_counts,
    }


def _templates(options: argparse.Namespace) -> Answer:
    from data_access.importing import write_template
    from data_access.schema import LOADABLE_TABLES

    options.out.mkdir(parents=True, exist_ok=True)
    return DONE, [str(write_template(name, options.out / f"{name}.xlsx")) for name in LOADABLE_TABLES]


# ---- plain text -----------------------------------------------------------------------------------------------------------
def _text(answer: Any) -> str:
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        keys = list(answer[0])
        lines = ["\t".join(keys), *("\t".join(_short(row.get(k)) for k in keys) for row in answer)]
        return "\n".join(lines)
    return json.dumps(answer, ensure_ascii=False, indent=1, default=str)


def _short(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
