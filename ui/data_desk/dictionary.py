"""The dictionary tab: every table and column of the contract, every indicator with its definition and its map."""

from __future__ import annotations

import pandas as pd

from data_access.contract import schema
from data_access.programmes.indicators import REGISTRY
from i18n import N_, unit_name
from ui.blocks import blocks, fields
from ui.kit import downloads, filters, linked, provenance, words
from ui.kit.tables import show_table
from ui.view import address
from ui.view.events import offer
from ui.view.text import _, lang


@blocks.together("dictionary")
def show() -> None:
    """The whole tab."""
    wanted = fields.typed("data_dictionary_search", _("Search"), _("Part of a name, in Thai or English"))
    blocks.caption(_("Searches indicators, tables and columns: names, definitions, codes"))
    blocks.header(_("Indicators"))
    _indicators(wanted)
    blocks.header(_("Tables and columns"))
    _columns(wanted)


def _matching(frame: pd.DataFrame, hidden: list[str], wanted: str) -> pd.DataFrame:
    """The rows in which every word that was typed occurs, in the columns shown or the hidden words."""
    text = [" ".join([*(str(v) for v in row), extra]).lower() for row, extra in zip(frame.to_numpy(), hidden, strict=True)]
    keep = [all(w in line for w in wanted.lower().split()) for line in text]
    return frame[keep].reset_index(drop=True)


def _indicators(wanted: str) -> None:
    other = "en" if lang() == "th" else "th"
    every = list(REGISTRY.values())
    frame = pd.DataFrame(
        {
            _("Indicator"): [i.title(lang()) for i in every],
            _("Other language"): [i.title(other) for i in every],
            _("Definition"): [i.definition(lang()) for i in every],
            _("Formula"): [i.formula for i in every],
            _("Unit"): [unit_name(i.unit, lang()) for i in every],
            _("Periods"): [", ".join(_(words.PERIOD_TYPES[p]) for p in i.periods) or "–" for i in every],
            _("Source"): [_(i.source) for i in every],
            _("Caveat"): [i.caveat(lang()) for i in every],
            _("Id"): [i.id for i in every],
        }
    )
    found = _matching(frame, [i.definition(other) + " ".join(i.synonyms) for i in every], wanted)
    if found.empty:
        blocks.note(_("No indicator has these words."), ":material/search_off:")
        return
    ids = found[_("Id")].tolist()
    chosen = address.get("measure") if address.get("measure") in ids else None
    title = _("Indicators with definition, formula, unit, source and caveat")
    show_table("data_dictionary", found, title, codes=ids, chosen=chosen, pick=offer(address.choose, part="measure"))
    blocks.caption(_("Choose a row to see the indicator by province."))
    downloads.menu("data_dictionary", found, provenance.context((), filters.current(()), _("Indicators")))
    if chosen:
        _one(chosen)


def _one(indicator_id: str) -> None:
    indicator = REGISTRY[indicator_id]
    blocks.definition(*provenance.definition(indicator))
    if "province" in indicator.places:
        chosen = filters.bar(("period", "region", "province"), indicator_id)
        linked.linked_view("data_indicator", indicator_id, chosen)
    else:
        blocks.caption(_("This number exists for the whole country only."))


def _columns(wanted: str) -> None:
    rows, hidden = [], []
    for name, table in schema.TABLES.items():
        for column in table.columns:
            info = schema.contract(column)
            rows.append(_row(name, column, info))
            hidden.append(f"{info.en} {info.th} {table.info['th']} {table.info['en']} {' '.join(info.synonyms)}")
    heads = ("Table", "Column", "Other language", "Unit", "Codes", "Range or form", "Given", "Refers to", "Note", "Name in files")
    frame = pd.DataFrame(rows, columns=[_(HEADS[h]) for h in heads])
    found = _matching(frame, hidden, wanted)
    if found.empty:
        blocks.note(_("No table or column has these words."), ":material/search_off:")
        return
    show_table("data_columns", found, _("Columns of the data contract"))
    downloads.menu("data_columns", found, provenance.context((), filters.current(()), _("Tables and columns")))


HEADS = {
    "Table": N_("Table"),
    "Column": N_("Column"),
    "Other language": N_("Other language"),
    "Unit": N_("Unit"),
    "Codes": N_("Codes"),
    "Range or form": N_("Range or form"),
    "Given": N_("Given"),
    "Refers to": N_("Refers to"),
    "Note": N_("Note"),
    "Name in files": N_("Name in files"),
}


def _row(name: str, column: object, info: schema.Info) -> tuple[str, ...]:
    low = "" if info.low is None else f"{info.low:g}"
    high = "" if info.high is None else f"{info.high:g}"
    bounds = f"{low} – {high}" if low or high else info.pattern or ""
    codes = ", ".join(f"{c} = {words.code_word(c)}" for c in info.values or ())
    ref = column.info["ref"] or ""  # type: ignore[attr-defined]
    given = _("optional") if column.nullable else _("must be given")  # type: ignore[attr-defined]
    refers = words.table_name(ref.split(".")[0]) if ref else ""
    other = info.en if lang() == "th" else info.th
    return (
        words.table_name(name),
        words.column_name(info),
        other,
        unit_name(info.unit, lang()),
        codes,
        bounds,
        given,
        refers,
        info.note,
        f"{name}.{column.name}",  # type: ignore[attr-defined]
    )
