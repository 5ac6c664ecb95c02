"""The command line: demo, claims, inspect, load, draft, publish, releases, diff, rollback, query, indicators, measure, check, templates, stories, report, feedback, boundaries,
people, admit, dismiss, sign-out, audit, backup, restore, verify, change-key, retention.

Exit codes: 0 done; 1 refused because of the input (the report says why); 2 wrong usage. With `--json` the answer is one JSON
document on standard output, with the keys documented in `docs/command-line.md`, also when the answer is a refusal; everything
else goes to standard error.
"""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import io
import json
import logging
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tqdm import tqdm

from data_access.contract.errors import TOLD, SamoephakError, UsageError, told
from data_access.contract.national_ids import masked
from data_access.contract.periods import BE_OFFSET
from data_access.contract.settings import use_time_zone
from data_access.saved import people
from data_access.who import audit
from data_access.who.access import OPERATOR, ROLES, Person
from i18n import LANGUAGES, N_, gettext

if TYPE_CHECKING:
    from data_access.importing.conditions import LeaveOut
    from data_access.importing.missing_rows import Missing

DONE, REFUSED, USAGE = 0, 1, 2
SERVING = ("demo", "publish", "rollback", "restore", "change-key")
"""Commands after which readers are served another release."""
_SILENT = logging.NullHandler()
"""What the file system refuses is told in words; without a handler Python would print the log, with its stack trace, beside them."""


class Reply(NamedTuple):
    """What a command answers: its exit code, the JSON document, and the text for people where the JSON is not fit to read."""

    code: int
    document: Any
    text: str | None = None


Command = Callable[[argparse.Namespace], Reply]


def main(argv: Sequence[str] | None = None, served: Callable[[str], None] | None = None) -> int:
    """Run one command; returns the exit code (argparse itself exits with 2 on options that it does not know).

    Args:
        served: called with the language at the end of a command after which readers are served another release.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # Thai on any console, also where the code page is another
    logging.getLogger().addHandler(_SILENT)
    options = _parser().parse_args(argv)
    try:
        use_time_zone()
        reply = options.run(options)
    except UsageError as error:
        reply = _failure(USAGE, error, options)
    except TOLD as error:
        reply = _failure(REFUSED, told(error), options)
    if options.json:
        print(json.dumps(_plain(reply.document), ensure_ascii=False, indent=1, allow_nan=False))
    elif reply.text != "":
        print(reply.text or _text(reply.document), flush=True)
    if served and reply.code == DONE and options.command in SERVING:
        served(options.lang)
    return reply.code


def _failure(code: int, error: SamoephakError, options: argparse.Namespace) -> Reply:
    """A refusal without a report: the message on standard error, and as the JSON document; what was typed is masked in it (schedulers keep it)."""
    said = {lang: masked(error.message(lang)) for lang in LANGUAGES}
    print(said[options.lang], file=sys.stderr)
    given = masked(str(getattr(options, "file", "") or ""))
    document: dict[str, Any] = {
        "ok": False,
        "status": "wrong_usage" if code == USAGE else "refused",
        "command": options.command,
        "file": None if "://" in given or not given else Path(given).name,  # an address may hold a password
        "message": said[options.lang],
        **{f"message_{lang}": words for lang, words in said.items()},
    }
    if options.command in ("inspect", "load"):
        problem = {"severity": "error", "code": "file_refused", "file": document["file"], "message": document["message"]}
        document |= {"problems": [problem], "sheets": [], "rows_written": {}}
    return Reply(code, document, "")


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="one JSON document on standard output")
    common.add_argument("--lang", choices=("th", "en"), default="th", help="language of messages")
    parser = argparse.ArgumentParser(prog="python -m data_access", description=__doc__.splitlines()[0] if __doc__ else "")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, run: Command, summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, parents=[common], help=summary, allow_abbrev=False)
        sub.set_defaults(run=run)
        return sub

    demo = add("demo", _demo, "build and publish the demonstration data")
    demo.add_argument("--scale", default="", metavar="ROWS", help="rows of pupils' grants for measuring, e.g. 36m")
    add("claims", _claims, "published figures beside the computed ones").add_argument("--release")
    inspect = add("inspect", _inspect, "what the importer sees in a file; nothing is loaded")
    inspect.add_argument("file", help="a file, or an SQLAlchemy URL")
    inspect.add_argument("--no-headings", action="store_true", help="the first row is data: columns go by their letters")
    inspect.add_argument("--query", help="a table, or SQL to read, when FILE is a database URL")
    _load_options(add("load", _load, "load a file into the draft"))
    publish = add("publish", _publish, "make the draft the release that everybody sees")
    publish.add_argument("--as-of", type=_date, default=None, metavar="YYYY-MM-DD", help="CE or BE year")
    publish.add_argument("--note", default="")
    publish.add_argument("--version", type=int, help="of the draft as you saw it (draft); refused when it has changed since")
    add("draft", _draft, "what the draft holds and would publish, and what was answered for it")
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
    measure = add("measure", _measure, "measures that the agency declares: indicators of the values it reports, without code")
    _measure_options(measure, common)
    add("check", _check, "verify the current release: its checksum, its claims, which periods are incomplete").add_argument(
        "--release"
    )
    add("boundaries", _boundaries, "check a file of boundaries before the setting names it").add_argument("file", type=Path)
    add("stories", _stories, "every story of the MOU review page")
    add("feedback", _feedback, "what readers have told, newest first")
    report = add("report", _report, "write the hand-outs of a story: PPTX, PDF, XLSX and PNG")
    report.add_argument("story", help="id or title of the story")
    report.add_argument("--out", type=Path, required=True, metavar="DIR")
    report.add_argument("--kinds", default="pptx,pdf,xlsx,png", help="comma-separated: pptx, pdf, xlsx, png")
    report.add_argument("--ratio", choices=("16:9", "4:3"), default="16:9")
    add("people", _people, "who may come in, with which role and for which provinces")
    admit = add("admit", _admit, "let somebody in, or change their role and places")
    admit.add_argument("address", help="e-mail address as the identity provider gives it")
    admit.add_argument("--role", choices=ROLES, required=True)
    admit.add_argument(
        "--provinces", default="", help="comma-separated codes of the provinces to see in detail, or all; none without"
    )
    add("dismiss", _dismiss, "take somebody's access away").add_argument("address")
    add("sign-out", _sign_out, "end every session of somebody").add_argument("address")
    backup = add("backup", _backup, "write everything of the data directory into one file")
    backup.add_argument("to", type=Path, metavar="FILE.zip")
    restore = add("restore", _restore, "bring a backup into an empty data directory, on DuckDB or PostgreSQL")
    restore.add_argument("file", type=Path, metavar="FILE.zip")
    verify = add("verify", _verify, "check every release, the pointer and the audit log, or a backup")
    verify.add_argument("file", type=Path, nargs="?", metavar="FILE.zip")
    add("change-key", _change_key, "put the pseudonyms under the newest key of SAMOEPHAK_ID_KEY and publish that")
    retention = add("retention", _retention, "delete the releases whose term is over, and what was deleted over 30 days ago")
    retention.add_argument("--dry-run", action="store_true", help="only say which")
    add("audit", _audit, "who did what to the data, oldest first, and whether the log is whole")
    templates = add("templates", _templates, "write an XLSX template for every table")
    templates.add_argument("--out", type=Path, default=Path("templates"))
    return parser


def _load_options(load: argparse.ArgumentParser) -> None:
    load.add_argument("file", help="a file, or an SQLAlchemy URL")
    load.add_argument(
        "--kind",
        required=True,
        help="a table of the contract, reported:INDICATOR_ID, or measures: every declared measure that its headings name",
    )
    load.add_argument("--sheet")
    load.add_argument("--profile")
    load.add_argument("--set", nargs="*", action="extend", default=[], metavar="column=value", help="a constant for a column")
    load.add_argument(
        "--map", nargs="*", action="extend", default=[], metavar="column=heading", help="which heading feeds a column"
    )
    load.add_argument(
        "--leave-out",
        action="append",
        default=[],
        metavar="RULE",
        help="rows to leave out: 'HEADING contains TEXT', 'HEADING is TEXT', 'HEADING is one of A|B' or 'rows 12, 15-20'; repeatable",
    )
    load.add_argument(
        "--replace", choices=("period",), help="rows of the same measure and period that the file lacks go, and are listed"
    )
    load.add_argument("--keep", choices=("missing",), help="such rows stay; without either option they refuse the load")
    load.add_argument(
        "--reason", action="append", default=[], metavar="WHY", help="why; one a rule in the same order, or one for all"
    )
    load.add_argument("--query", help="a table, or SQL to read, when FILE is a database URL")
    load.add_argument("--save-profile", metavar="NAME", help="keep the mapping of this load under a name")
    load.add_argument("--report", type=Path, metavar="FILE.xlsx", help="write the report with the offending cells marked")
    load.add_argument("--accept-guesses", action="store_true")
    load.add_argument("--no-headings", action="store_true", help="the first row is data: columns go by their letters")
    load.add_argument("--dry-run", action="store_true")


def _measure_options(measure: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    from data_access.contract import schema

    acts = measure.add_subparsers(dest="act", required=True)
    acts.add_parser("list", parents=[common], help="those of the draft, or else of the release served")
    add = acts.add_parser("add", parents=[common], help="declare a new one in the draft")
    change = acts.add_parser("change", parents=[common], help="put its words better: its next version")
    change.add_argument("id")
    acts.add_parser("retire", parents=[common], help="take in no more values of it").add_argument("id")
    acts.add_parser("withdraw", parents=[common], help="take one without values out of the draft again").add_argument("id")
    propose = acts.add_parser("propose", parents=[common], help="what a file could be declared as, for each of its columns")
    propose.add_argument("file")
    propose.add_argument("--no-headings", action="store_true", help="the first row is data: columns go by their letters")
    propose.add_argument("--declare", action="store_true", help="declare all of it as proposed")
    for column in schema.measure.columns:
        if column.name in ("measure_id", "version", "retired"):
            continue
        info = schema.contract(column)
        for act in (add, change):
            act.add_argument(
                f"--{column.name.replace('_', '-')}", choices=info.values, help=info.en + (f" ({info.note})" if info.note else "")
            )
    add.add_argument("--id", help="own. and small letters; made of the English name without it")


def _date(text: str) -> dt.date:
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return dt.date(year - BE_OFFSET if year > 2400 else year, month, day)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a date of the form YYYY-MM-DD") from error


def _pairs(items: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for item in items:
        key, sign, value = item.partition("=")
        if not sign:
            raise UsageError(N_("{item} is not of the form key=value"), item=item)
        pairs[key] = value
    return pairs


def _missing(options: argparse.Namespace) -> Missing:
    """What becomes of rows that are there already and that the file lacks."""
    if options.replace and options.keep:
        raise UsageError(N_("Rows that the file lacks either go (--replace period) or stay (--keep missing)"))
    return "replace" if options.replace else "keep" if options.keep else "ask"


def _rules(options: argparse.Namespace) -> list[LeaveOut]:
    """The rules of rows left out, each with its reason."""
    from data_access.importing.conditions import rule_of

    rules, reasons = options.leave_out, options.reason
    if rules and len(reasons) not in (1, len(rules)):
        raise UsageError(N_("Rows are left out with a reason: give --reason once for all rules, or once for each"))
    return [rule_of(rule, why) for rule, why in zip(rules, reasons * len(rules) if len(reasons) == 1 else reasons, strict=False)]


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


def _lines() -> Callable[[int, int], None] | None:
    """A bar of the lines read, with the time left."""
    if not sys.stderr.isatty():
        return None
    bar = tqdm(unit="row", unit_scale=True, file=sys.stderr)

    def report(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)

    return report


# ---- commands -----------------------------------------------------------------------------------------------------------
def _demo(options: argparse.Namespace) -> Reply:
    from data_access.bootstrap import publish_demo
    from data_access.demo.scaling import rows_of

    rows = rows_of(options.scale) if options.scale else 0
    return Reply(DONE, asdict(publish_demo(_progress(options.lang), rows)))


def _claims(options: argparse.Namespace) -> Reply:
    from data_access.analysis.claims import ledger
    from data_access.questions.query import to_records

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
        "parts",
        "published_per_head",
        "computed_per_head",
        "same_heads",
        "sentence_th",
        "sentence_en",
        "source",
        "note",
    ]
    return Reply(DONE, to_records(frame[keep].rename(columns={"claim_id": "id", "value": "published"})))


def _inspect(options: argparse.Namespace) -> Reply:
    from data_access.importing.inspecting import inspect
    from data_access.importing.words import report_text

    report = inspect(options.file, options.query, options.no_headings)
    return Reply(DONE, report.to_json(options.lang), report_text(report, options.lang))


def _load(options: argparse.Namespace) -> Reply:
    from data_access.importing.loading import load
    from data_access.importing.mapping import save_profile
    from data_access.importing.words import report_text
    from data_access.importing.workbook import write_report

    if options.kind == "measures":
        return _load_measures(options)
    report = load(
        options.file,
        options.kind,
        sheet=options.sheet,
        profile=options.profile,
        constants=_pairs(options.set),
        mapping={field: heading or None for field, heading in _pairs(options.map).items()},
        leave_out=_rules(options),
        missing=_missing(options),
        headless=options.no_headings,
        accept_guesses=options.accept_guesses,
        dry_run=options.dry_run,
        query=options.query,
        progress=_lines(),
        by=_operator(),
    )
    if options.report:
        write_report(report, options.report, options.lang)
    if options.save_profile and report.ok:
        save_profile(options.save_profile, report.profile)
    return Reply(DONE if report.ok else REFUSED, report.to_json(options.lang), report_text(report, options.lang))


def _load_measures(options: argparse.Namespace) -> Reply:
    from data_access.importing.loading import load_measures
    from data_access.importing.words import report_text

    if given := [n for n in ("sheet", "profile", "map", "query", "save_profile", "report") if getattr(options, n)]:
        raise UsageError(N_("{names} are for one measure alone; name it with --kind reported:ID"), names=", ".join(given))
    reports = load_measures(
        options.file,
        constants=_pairs(options.set),
        leave_out=_rules(options),
        missing=_missing(options),
        headless=options.no_headings,
        accept_guesses=options.accept_guesses,
        dry_run=options.dry_run,
        by=_operator(),
    )
    texts = "\n\n".join(report_text(r, options.lang) for r in reports)
    return Reply(DONE if reports[0].ok else REFUSED, [r.to_json(options.lang) for r in reports], texts)


def _publish(options: argparse.Namespace) -> Reply:
    from data_access.publishing import drafts

    draft = drafts.draft_in_progress()
    if draft is None:
        raise UsageError(N_("There is no draft to publish; load a file first"))
    release = drafts.publish(draft, as_of=options.as_of, note=options.note, by=_operator(), version=options.version)
    return Reply(DONE, asdict(release))


def _draft(options: argparse.Namespace) -> Reply:
    from data_access.publishing import drafts, preview

    draft = drafts.draft_in_progress()
    if draft is None:
        return Reply(
            DONE, {"draft": None}, gettext(N_("There is no draft. The first file that is loaded opens one."), options.lang)
        )
    version, parts = draft.version, preview.parts(draft)
    document = {"draft": draft.id, "version": version, "loads": draft.log, "parts": [part.to_json() for part in parts]}
    lines = [gettext(N_("Draft {id}, version {version}"), options.lang, id=draft.id, version=version)]
    return Reply(DONE, document, "\n".join([*lines, *(preview.words(part, options.lang) for part in parts)]))


def _people(_options: argparse.Namespace) -> Reply:
    return Reply(DONE, {address: people.entry(found) for address, found in people.known().items()})


def _admit(options: argparse.Namespace) -> Reply:
    codes = None if options.provinces == "all" else [c for c in options.provinces.split(",") if c]
    found = people.admit(options.address, options.role, codes, _operator())
    return Reply(DONE, {found.id: people.entry(found)})


def _dismiss(options: argparse.Namespace) -> Reply:
    people.dismiss(options.address, _operator())
    return Reply(DONE, {"dismissed": options.address})


def _sign_out(options: argparse.Namespace) -> Reply:
    people.sign_out(options.address, _operator())
    return Reply(DONE, {"signed_out": options.address})


def _audit(_options: argparse.Namespace) -> Reply:
    broken = audit.broken_at()
    return Reply(REFUSED if broken else DONE, {"broken_at": broken, "entries": [asdict(e) for e in audit.entries()]})


def _backup(options: argparse.Namespace) -> Reply:
    from data_access.publishing import backup

    done = backup.backup(options.to, _said)
    for release_id in done["damaged"]:
        words = N_("Release {id} is damaged and is not in the backup; take it from an earlier one (restore)")
        print(gettext(words, options.lang, id=release_id), file=sys.stderr)
    return Reply(REFUSED if done["damaged"] else DONE, {"file": str(options.to), **done})


def _restore(options: argparse.Namespace) -> Reply:
    from data_access.publishing import backup

    return Reply(DONE, {"file": str(options.file), **backup.restore(options.file, _operator(), _said)})


def _verify(options: argparse.Namespace) -> Reply:
    from data_access.publishing import backup

    if options.file:
        return Reply(DONE, {"ok": True, "file": str(options.file), **backup.verify(options.file)})
    found = backup.verify_home()
    return Reply(DONE if found["ok"] else REFUSED, found)


def _change_key(_options: argparse.Namespace) -> Reply:
    from data_access.publishing import privacy

    return Reply(DONE, asdict(privacy.change_key(_operator())))


def _retention(options: argparse.Namespace) -> Reply:
    from data_access.publishing import privacy

    found = [r.id for r in privacy.expired()] if options.dry_run else privacy.delete_expired(_operator())
    return Reply(DONE, {"deleted": [] if options.dry_run else found, "expired": found})


def _said(what: str) -> None:
    print(what, file=sys.stderr)


def _operator() -> Person:
    """Who sits at the command line, as the audit log names them."""
    try:
        return replace(OPERATOR, id=f"{getpass.getuser()} (command line)")
    except (KeyError, OSError):  # a container without a name for its user
        return OPERATOR


def _releases(options: argparse.Namespace) -> Reply:
    from data_access.store import releases

    found, damaged = releases.listed()
    pointed, empty = releases.pointed_id(), {f.name: None for f in fields(releases.Release)}
    rows = [{**asdict(r), "current": r.id == pointed, "damaged": False} for r in found]
    rows += [{**empty, "id": i, "current": i == pointed, "damaged": True} for i in damaged]
    for release_id in damaged:
        words = N_("The description of release {id} is damaged or missing")
        print(gettext(words, options.lang, id=release_id), file=sys.stderr)
    return Reply(DONE, sorted(rows, key=lambda row: str(row["id"]), reverse=True))


def _diff(options: argparse.Namespace) -> Reply:
    from data_access.publishing import release_changes
    from data_access.questions.query import to_records

    return Reply(DONE, {name: to_records(frame) for name, frame in release_changes.diff(options.old, options.new).items()})


def _rollback(options: argparse.Namespace) -> Reply:
    from data_access.store import releases

    return Reply(DONE, asdict(releases.rollback(options.id, _operator())))


def _query(options: argparse.Namespace) -> Reply:
    from data_access.programmes.indicators import REGISTRY
    from data_access.questions.query import query, to_records

    where: dict[str, Any] = {k: v.split(",") for k, v in _pairs(options.where).items()}
    by = tuple(k for k in options.by.split(",") if k)
    records = to_records(query(options.indicator, by=by, where=where, release=options.release))
    splits = [k for k in by if k in REGISTRY[options.indicator].dims]
    if splits and not records:
        raise UsageError(N_("The release has no values of {id} by {kind}"), id=options.indicator, kind=", ".join(splits))
    return Reply(DONE, records, None if records else gettext(N_("The release has no values for this question"), options.lang))


def _indicators(options: argparse.Namespace) -> Reply:
    from data_access.programmes import measures
    from data_access.programmes.indicators import REGISTRY
    from data_access.publishing import declarations

    own = measures.learn(declarations.of_draft())
    return Reply(DONE, [asdict(i) for i in REGISTRY.values() if i.id in REGISTRY.built_in or i.id in own])


def _measure(options: argparse.Namespace) -> Reply:
    from data_access.contract import schema
    from data_access.programmes import measures
    from data_access.publishing import declarations

    given = {c.name: getattr(options, c.name, None) for c in schema.measure.columns if c.name not in ("version", "retired")}
    words = {k: v.replace("\\n", "\n") for k, v in given.items() if v is not None}
    if options.act == "list":
        return Reply(DONE, [asdict(m) for m in declarations.of_draft()])
    if options.act == "add":
        words["measure_id"] = options.id or declarations.proposed_id(words.get("title_en", ""))
        needed = {f.name: "" for f in fields(measures.Measure) if f.default is MISSING}
        done = declarations.declare(measures.Measure(**{**needed, **words}), _operator())
    elif options.act == "change":
        done = declarations.change(options.id, _operator(), **words)
    elif options.act == "propose":
        return _proposed(options)
    else:
        act = declarations.retire if options.act == "retire" else declarations.withdraw
        done = act(options.id, _operator())
    return Reply(DONE, asdict(done))


def _proposed(options: argparse.Namespace) -> Reply:
    from data_access.importing.declaring import candidates
    from data_access.importing.inspecting import inspect
    from data_access.publishing import declarations

    report = inspect(options.file, headless=options.no_headings)
    found = candidates(report.tables, report.file)
    if options.declare:
        declarations.declare_all([c.measure for c in found], _operator())
    return Reply(DONE, [asdict(c) for c in found])


def _check(options: argparse.Namespace) -> Reply:
    from data_access.analysis.claims import ledger
    from data_access.store import releases

    release = releases.require_release(options.release)
    releases.verify(release)
    document = {
        "release": release.id,
        "checksum": "ok",
        "demo": release.demo,
        "claims": ledger(release.id)["status"].value_counts().to_dict(),
        "incomplete": _incomplete(release.id),
        "row_counts": release.row_counts,
    }
    return Reply(DONE, document)


def _incomplete(release_id: str) -> list[dict[str, Any]]:
    """The periods of each data set for which some expected province sent nothing, or not everything."""
    from data_access.analysis.quality import completeness, datasets

    found = []
    for data in datasets(release_id):
        frame = completeness(release_id, data)
        for period, rows in frame[frame["state"] != "not_expected"].groupby("period"):
            missing = sorted(rows.loc[rows["state"] != "complete", "province"])
            if missing:
                found.append(
                    {
                        "dataset": data.id,
                        "period": period,
                        "present": len(rows) - len(missing),
                        "expected": len(rows),
                        "missing": missing,
                    }
                )
    return found


def _templates(options: argparse.Namespace) -> Reply:
    from data_access.contract.schema import LOADABLE_TABLES
    from data_access.importing.templates import write_template

    options.out.mkdir(parents=True, exist_ok=True)
    return Reply(DONE, [str(write_template(name, options.out / f"{name}.xlsx")) for name in LOADABLE_TABLES])


def _boundaries(options: argparse.Namespace) -> Reply:
    import geo

    try:
        frame = geo.load_boundary_file(options.file)
    except geo.BoundaryError as error:
        return Reply(REFUSED, {"ok": False, "problems": error.problems})
    digits = len(str(frame.index[0]))
    return Reply(DONE, {"ok": True, "shapes": len(frame), "digits": digits, "notes": list(frame.attrs["notes"])})


def _stories(options: argparse.Namespace) -> Reply:
    from data_access.saved import stories

    keep = ("id", "title", "release", "as_of", "created", "version")
    return Reply(DONE, [{**{k: getattr(s, k) for k in keep}, "slides": len(s.slides)} for s in stories.saved().values()])


def _feedback(options: argparse.Namespace) -> Reply:
    from data_access.saved import feedback

    return Reply(DONE, [asdict(r) for r in feedback.left()])


def _report(options: argparse.Namespace) -> Reply:
    import handouts

    kinds = tuple(k for k in options.kinds.split(",") if k)
    if unknown := [k for k in kinds if k not in handouts.KINDS]:
        raise UsageError(N_("{code} is not a value of {key}"), code=unknown[0], key="kinds")
    story = _story(options.story)
    changes, notice = _changes(story), handouts.superseded(story, options.lang)
    written = handouts.write_all(story, options.out, kinds=kinds, ratio=options.ratio, changes=changes)
    document = {
        "story": story.id,
        "title": story.title,
        "release": story.release,
        "superseded": notice or None,
        "changed": len(changes),
        "files": [str(path) for path in written],
    }
    return Reply(DONE, document)


def _story(wanted: str) -> Any:
    """The story of an id or a title.

    Raises:
        UsageError: none, or several of that title.
    """
    from data_access.saved import stories

    found = stories.saved()
    if wanted in found:
        return found[wanted]
    named = [s for s in found.values() if s.title.casefold() == wanted.strip().casefold()]
    if len(named) > 1:
        raise UsageError(N_("{n} stories are called {name}; name one by its id"), n=len(named), name=wanted)
    if not named:
        raise UsageError(N_("There is no story {name}"), name=wanted)
    return named[0]


def _changes(story: Any) -> Any:
    """What the current release answers differently, for the workbook."""
    from data_access.saved import stories
    from data_access.store import releases

    now, _damaged = releases.served_release()
    return stories.differences(story, now.id) if story.release and now else stories.differences(story, story.release)


# ---- JSON and plain text -----------------------------------------------------------------------------------------------------------
def _plain(value: Any) -> Any:
    """Only what JSON knows: missing and infinite numbers as null, tuples as lists, dates as text."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _text(answer: Any) -> str:
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        keys = list(answer[0])
        lines = ["\t".join(keys), *("\t".join(_short(row.get(k)) for k in keys) for row in answer)]
        return "\n".join(lines)
    return json.dumps(_plain(answer), ensure_ascii=False, indent=1)


def _short(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
