"""Reports of the importer as plain text, for people at a terminal."""

from __future__ import annotations

from data_access.importing.problems import Problem, grouped
from data_access.importing.report import FileReport, LoadReport, SheetReport
from i18n import N_, gettext

_SEVERITY = {"error": N_("Error"), "warning": N_("Warning"), "note": N_("Note")}


def report_text(report: FileReport | LoadReport, lang: str) -> str:
    """What happened to each sheet, then every problem with its place and its remedy, errors first."""
    lines = [f"{report.file}: {_outcome(report, lang)}"]
    for sheet in report.sheets:
        lines += _sheet(sheet, lang)
    order = list(_SEVERITY)
    lines += [_problem(p, lang) for p in sorted(grouped(report.problems), key=lambda p: order.index(p.severity))]
    return "\n".join(lines)


def _outcome(report: FileReport | LoadReport, lang: str) -> str:
    if isinstance(report, FileReport):
        kinds = ", ".join(str(k["kind"]) for k in report.suggested_kinds)
        return gettext(N_("may be loaded as: {kinds}"), lang, kinds=kinds or "—")
    if not report.ok:
        return gettext(N_("refused; nothing was loaded"), lang)
    if report.dry_run:
        return gettext(N_("would be loaded; nothing was written"), lang)
    written = ", ".join(f"{table}: {rows:,}" for table, rows in report.rows_written.items())
    return gettext(N_("loaded into the draft ({written})"), lang, written=written)


def _sheet(sheet: SheetReport, lang: str) -> list[str]:
    said = sheet.to_json(lang)
    reasons = ", ".join(f"{reason} {n}" for reason, n in said["excluded_counts"].items())
    head = gettext(
        N_("{sheet}: {read} rows read = {loaded} loaded + {excluded} left out + {refused} refused"),
        lang,
        sheet=sheet.sheet.name,
        read=said["rows_read"],
        loaded=said["rows_loaded"],
        excluded=len(said["rows_excluded"]),
        refused=said["refused_count"],
    )
    return [f"  {head}" + (f" ({reasons})" if reasons else "")]


def _problem(problem: Problem, lang: str) -> str:
    where = f"{problem.sheet} {problem.column}{problem.row or ''}".strip()
    return f"  [{gettext(_SEVERITY[problem.severity], lang)}] {where}: {problem.message(lang)} → {problem.how_to_mend(lang)}"
