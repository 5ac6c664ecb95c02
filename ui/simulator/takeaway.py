"""The budget proposal: a workbook with live formulas and a PDF."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data_access.programmes.policy import rates
from data_access.programmes.policy.rates import LEVELS
from data_access.saved import scenarios
from data_access.saved.scenarios import Scenario
from i18n import format_number
from ui.blocks import blocks, dialogs
from ui.kit import downloads
from ui.kit.filters import Filters
from ui.programmes.claims import RATES
from ui.programmes.policy import band_words, card_words, context, found_cards
from ui.simulator import draft, proposal, wording
from ui.view import shown
from ui.view.text import _, lang

KEY = "policy_proposal"


def take_away(now: Scenario, base: Scenario, others: Sequence[Scenario], chosen: Filters) -> None:
    """The proposal as a button that opens its two files, made when they are asked for."""
    blocks.subheader(_("Budget proposal"))
    blocks.caption(_("The workbook keeps its formulas: change a rate in it and every cost follows. The PDF is for the meeting."))
    text, title = _("Download"), _("Budget proposal")
    dialogs.button(KEY, text, "download", title, _files, now, base, others, chosen, label=f"{text}: {title}")


def _files(now: Scenario, base: Scenario, others: Sequence[Scenario], chosen: Filters) -> None:
    stem = f"samoephak-{now.id}-{shown.release().id}"
    st.download_button(
        _("XLSX with formulas"),
        data=lambda: book(now, base, others, chosen),
        file_name=f"{stem}.xlsx",
        mime=downloads.XLSX,
        key=f"{KEY}_xlsx",
        icon=":material/table_view:",
        on_click="ignore",
        width="stretch",
    )
    st.download_button(
        "PDF",
        data=lambda: paper(now, base, others, chosen),
        file_name=f"{stem}.pdf",
        mime="application/pdf",
        key=f"{KEY}_pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
        width="stretch",
    )


def _words() -> proposal.Words:
    bands = {b: band_words(b) for b in (*LEVELS, rates.ALL)}
    return proposal.Words({r: _(RATES[r]) for r in rates.RATE_IDS}, bands)


def _title(now: Scenario) -> str:
    return _("Budget proposal: {name}", name=now.name)


def book(now: Scenario, base: Scenario, others: Sequence[Scenario], chosen: Filters) -> bytes:
    """The workbook of a scenario, its base and others."""
    sides = [proposal.Side(_("Base"), base, draft.costs_of(base, chosen))]
    sides += [proposal.Side(s.name, s, draft.costs_of(s, chosen)) for s in (now, *others)]
    words = _words()
    for s in (x.scenario for x in sides):
        words.bands.update({b: band_words(b) for b, _v in s.lunch})
    notes = wording.limits(now, *draft.inputs())
    return proposal.workbook(sides, context(chosen, _title(now)), words, lang(), [*notes, *_base_words(now)])


def _base_words(now: Scenario) -> list[str]:
    by_id = {c.id: c for c in found_cards()}
    return [
        _("Base: {rate}", rate=_(RATES[r])) + f" – {card_words(by_id[i])} – {'; '.join(by_id[i].sources)}"
        for r, i in now.base
        if i in by_id
    ]


def paper(now: Scenario, base: Scenario, others: Sequence[Scenario], chosen: Filters) -> bytes:
    """The PDF of a scenario, its base and others."""
    found = [(draft.BASE, base, draft.costs_of(base, chosen)), *((s.id, s, draft.costs_of(s, chosen)) for s in (now, *others))]
    new, old = found[1][2], found[0][2]
    tables = [
        proposal.table_of(_("Scenarios side by side"), wording.side_table(found, chosen), lang=lang()),
        proposal.table_of(_("Cost by fiscal year"), _year_table(new, old), lang=lang()),
    ]
    winners = wording.winners_table(draft.school_sides(now, base, chosen))
    if len(winners):
        tables.append(proposal.table_of(_("Who gains and who loses in the first year"), _worded(winners), lang=lang()))
    where = scenarios.difference(new, old, ["province"])
    note = _("All years together.")
    tables.append(proposal.table_of(_("By province"), _worded(wording.difference_table(where, "province")), note, lang()))
    intro = [chosen.words(), _("Fiscal years {first} to {last}", first=now.start_year, last=now.start_year + now.years - 1)]
    notes = [*wording.limits(now, *draft.inputs()), *_base_words(now)]
    return proposal.pdf(_title(now), context(chosen, _title(now)), intro, tables, notes, lang())


def _year_table(new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    frame = scenarios.difference(new, old, ["year"])
    names = [_("Fiscal year"), _("Base"), _("Scenario"), _("Difference")]
    return pd.DataFrame(
        dict(zip(names, (frame["year"].astype(str), frame["base"], frame["scenario"], frame["difference"]), strict=True))
    )


def _worded(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers of a table as text with separators, for print."""
    return pd.DataFrame(
        {c: [v if isinstance(v, str) else "–" if pd.isna(v) else format_number(v, lang()) for v in frame[c]] for c in frame}
    )
