"""The mapping of a table for any kind: proposed, laid from a profile, corrected; and which kinds a table may be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from data_access.contract import schema
from data_access.contract.errors import UsageError
from data_access.importing import mapping as maps
from data_access.importing import reported
from data_access.importing.conditions import LeaveOut
from data_access.importing.context import Context, proposed_period, read_context
from data_access.importing.limits import LIMITS
from data_access.importing.mapping import Correction, Mapping, indicator_of
from data_access.importing.reported import unfit
from data_access.importing.rows import Table
from data_access.importing.values import squash
from data_access.programmes import measures
from data_access.programmes.indicators import REGISTRY, Indicator
from data_access.publishing import declarations
from i18n import N_

_ALIASES = {
    "province": "province_code",
    "district": "district_code",
    "subdistrict": "subdistrict_code",
    "place": "place_code",
    "school": "school_code",
}


def propose(table: Table, kind: str, context: Context | None = None) -> Mapping:
    """The most likely mapping of a table for a kind; the titles give what the columns do not."""
    context = context or read_context(table.header, table.sheet.name)
    indicator = indicator_of(kind)
    if indicator:
        return reported.propose_reported(table, kind, indicator, context)
    mapping = maps.propose_table(table, kind)
    names = {f.name for f in maps.fields(kind)}
    if "semester" in names and "semester" not in mapping.columns:
        mapping.period_note = proposed_period(context, ("semester",))
        if mapping.period_note:
            mapping.constants["semester"] = mapping.period_note[0]
    if context.province and "province_code" in names and "province_code" not in mapping.columns:
        mapping.constants["province_code"] = context.province[0]
    return mapping


def final_mapping(
    table: Table,
    kind: str,
    context: Context,
    profile: str | None,
    constants: dict[str, str],
    corrections: dict[str, Correction],
    left_out: Iterable[LeaveOut] = (),
) -> Mapping:
    """The mapping of a profile, or the proposal, as somebody has corrected and completed it."""
    mapping = maps.from_profile(table, maps.load_profile(profile)) if profile else propose(table, kind, context)
    if mapping.kind != kind:
        raise UsageError(N_("The profile {name} is for “{kind}”"), name=profile, **maps.kind_names(mapping.kind))
    maps.correct(table, mapping, corrections)
    maps.leave_out(table, mapping, left_out)
    names = {f.name for f in maps.fields(kind)}
    for name, text in constants.items():
        name = name if name in names else _ALIASES.get(name, name)
        if name not in names:
            raise UsageError(N_("{kind} has no column {name}"), kind=kind, name=name)
        mapping.columns.pop(name, None)
        mapping.constants[name] = text
        if name in ("period", "semester"):
            mapping.period_note = None
    return mapping


def kinds() -> list[str]:
    """Every kind that a file can be loaded as: tables, reported indicators of the house, then measures that stewards declared."""
    declared = declarations.of_draft()
    measures.learn(declared)
    own = [m.measure_id for m in declared if m.retired is None]
    built_in = [i.id for i in REGISTRY.built_in.values() if i.family == "reported"]
    tables = [t for t in schema.LOADABLE_TABLES if t != "reported_value"]
    return [*tables, *(f"reported:{i}" for i in (*built_in, *own))]


def fit(table: Table, mapping: Mapping) -> float:
    """How much of what a kind needs was found (0 to 1)."""
    indicator = indicator_of(mapping.kind)
    if indicator:
        read = bool(mapping.unpivot or mapping.value_score)
        if "place_code" not in mapping.columns or mapping.place_level not in indicator.places or not read:
            return 0.0
        return evidence(table, indicator)
    needed = {
        f.name
        for f in maps.fields(mapping.kind)
        if f.required and f.name not in maps.GENERATED and f.name not in mapping.constants
    }
    needed |= {"name_th", "children"} if mapping.kind == "centre_semester" else set()
    have = [mapping.columns[name].score for name in needed if name in mapping.columns]
    return sum(have) / max(len(needed), 1)


def evidence(table: Table, indicator: Indicator) -> float:
    """How surely the words of a table say that it is about an indicator: its headings, else the titles over it and its sheet's name.

    Its shape (places by years) says nothing, nor do words that any table has (จำนวน, รวม, a unit): dropouts under รวม are no population.
    """
    words = tuple(w for w in (*indicator.synonyms, indicator.title_th, indicator.title_en) if squash(w) not in _ANY_TABLE)
    fitting = [c for c in table.columns if not unfit(c, indicator)]
    of_headings = max((reported.score_of(c, words, indicator) for c in fitting if c.heading), default=0.0)
    titles = squash(" ".join([*(text for _, text in table.header.titles), table.sheet.name]))
    of_titles = IN_A_TITLE if any(len(squash(w)) >= 4 and squash(w) in titles for w in words) else 0.0
    return max(of_headings if of_headings >= LIMITS.mapping_score else 0.0, of_titles)


IN_A_TITLE = 0.8
LIKELY = 0.7
"""From this fit on a kind is suggested."""
CERTAIN = 0.95
"""From this fit on, and with no other as good, a kind is proposed; below it people are asked."""
_ANY_TABLE = {
    squash(w)
    for w in (
        *schema.contract(schema.reported_value.c.value).synonyms,
        *(f"{n}({u})" for n in ("จำนวน", "รวม", "ยอดรวม") for u in ("คน", "ราย", "แห่ง", "บาท")),
        *("คน", "ราย", "แห่ง", "บาท", "ร้อยละ", "ทั้งหมด", "รวมทั้งสิ้น", "รวมทั้งหมด", "amount", "number", "sum"),
    )
}


def suggest(table: Table) -> list[dict[str, Any]]:
    """The kinds that a table may be, best first: most of what they need was found by its headings.

    `certain` marks the one that needs no asking: nearly all was found, and of no other kind as much.
    """
    found = []
    context = read_context(table.header, table.sheet.name)
    for kind in kinds():
        mapping = propose(table, kind, context)
        score = fit(table, mapping)
        if score >= LIKELY:
            found.append({"kind": kind, "score": round(score, 3)})
    best = sorted(found, key=lambda k: -float(str(k["score"])))[:6]
    scores = [float(str(k["score"])) for k in best]
    alone = bool(scores) and scores[0] >= CERTAIN and (len(scores) < 2 or scores[1] < scores[0])
    return [{**k, "certain": alone and n == 0} for n, k in enumerate(best)]
