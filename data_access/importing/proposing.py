"""The mapping of a table for any kind: proposed, laid from a profile, corrected; and which kinds a table may be."""

from __future__ import annotations

from typing import Any

from data_access import schema
from data_access.errors import UsageError
from data_access.importing import mapping as maps
from data_access.importing import reported
from data_access.importing.context import Context, proposed_period, read_context
from data_access.importing.mapping import Mapping, indicator_of
from data_access.importing.rows import Table
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
    context = context or read_context(table.header)
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
    table: Table, kind: str, context: Context, profile: str | None, constants: dict[str, str], corrections: dict[str, str | None]
) -> Mapping:
    mapping = maps.from_profile(table, maps.load_profile(profile)) if profile else propose(table, kind, context)
    if mapping.kind != kind:
        raise UsageError(N_("The profile {name} is for {kind}"), name=profile, kind=mapping.kind)
    maps.correct(table, mapping, corrections)
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


def fit(mapping: Mapping) -> float:
    """How much of what a kind needs was found (0 to 1)."""
    indicator = indicator_of(mapping.kind)
    if indicator:
        if "place_code" not in mapping.columns or mapping.place_level not in indicator.places:
            return 0.0
        return 0.75 if mapping.unpivot and mapping.unpivot[0] == "period" else mapping.value_score
    needed = {
        f.name
        for f in maps.fields(mapping.kind)
        if f.required and f.name not in maps.GENERATED and f.name not in mapping.constants
    }
    needed |= {"name_th", "children"} if mapping.kind == "centre_semester" else set()
    have = [mapping.columns[name].score for name in needed if name in mapping.columns]
    return sum(have) / max(len(needed), 1)


def suggest(table: Table) -> list[dict[str, Any]]:
    """The kinds that a table may be, best first: most of what they need was found by its headings."""
    found = []
    context = read_context(table.header)
    for kind in (*(f"reported:{i}" for i, x in maps.REGISTRY.items() if x.family == "reported"), *schema.LOADABLE_TABLES):
        if kind == "reported_value":
            continue
        mapping = propose(table, kind, context)
        score = fit(mapping)
        if score >= 0.7:
            found.append({"kind": kind, "score": round(score, 3)})
    return sorted(found, key=lambda k: -float(str(k["score"])))[:6]
