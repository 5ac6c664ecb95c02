"""Results of scenarios as tables and sentences, for the screen and for the proposal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

import geo
from data_access.contract.settings import settings
from data_access.programmes.policy import rates
from data_access.programmes.policy.rates import BASIC, EQUITY, LUNCH
from data_access.saved import scenarios
from data_access.saved.scenarios import SHARED, Scenario
from i18n import N_, format_date, format_money, format_number, format_percent
from ui.entry import person
from ui.kit.filters import CODES, Filters
from ui.programmes.claims import RATES
from ui.programmes.policy import band_words
from ui.simulator import draft, proposal
from ui.view import shown
from ui.view.text import _, lang

KINDS = {
    "pao": N_("Provincial administrative organisation"),
    "city": N_("City municipality"),
    "town": N_("Town municipality"),
    "subdistrict_municipality": N_("Sub-district municipality"),
    "sao": N_("Sub-district administrative organisation"),
    "special": N_("Special local authority"),
    "": N_("Not known by authority"),
}
SIDES = {"gain": N_("Gain"), "lose": N_("Lose"), "same": N_("Unchanged")}


def signed(baht: float) -> str:
    """Money with its sign."""
    return ("+" if baht > 0 else "") + format_money(baht, lang())


def limits(now: Scenario, schools: pd.DataFrame, recipients: pd.DataFrame) -> list[str]:
    """What the costs hold and what they leave out, in words."""
    out = scenarios.left_out(now, schools, recipients)
    number = {k: format_number(v, lang()) for k, v in out.items()}
    said = [
        _(
            "Sizes are those of the table of schools in this release, data as of {day}; {missing} of {all} schools have no size and "
            "are not costed.",
            day=_release_day(),
            missing=number["without_size"],
            all=number["schools_total"],
        )
    ]
    if not person.scope().everywhere:
        said.append(
            _(
                "Outside the provinces that you see in detail no school has its own size: {n} and more of a province have their mean, and a "
                "province with fewer that of the country. Costs by step are approximate there, and have no kind of authority.",
                n=format_number(settings().disclosure_threshold, lang()),
            )
        )
    if out["beyond_primary"]:
        said.append(_("{n} schools that teach beyond primary are not costed for lunch.", n=number["beyond_primary"]))
    if len(recipients):
        year = int(recipients["academic_year"].max())
        said.append(
            _(
                "Recipients are those of both semesters of academic year {year}; a budget year pays for two semesters. "
                "{n} suppressed cells by province are left out of their province and only in the national total.",
                year=year,
                n=number["hidden"],
            )
        )
    if out["no_rate"]:
        said.append(_("{n} recipients of a semester are at a level without a rate and are not costed.", n=number["no_rate"]))
    return said


def _release_day() -> str:
    return format_date(shown.release().as_of, lang())


def difference_table(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Costs of all years beside the base, in words; baht whole, shares in per cent."""
    words: Callable[[str], str | None] = {
        "province": lambda c: geo.name(c, lang()) if c != SHARED else proposal.place_words(c, lang()),
        "kind": lambda c: _(str(KINDS.get(c, c))),
        "group": band_words,
        "programme": lambda c: _(str(RATES[c])),
    }[key]
    heading = {
        "province": N_("Province"),
        "kind": N_("Kind of authority"),
        "group": N_("Size or level"),
        "programme": N_("Programme"),
    }
    return pd.DataFrame(
        {
            _(heading[key]): [words(c) for c in frame[key]],
            _("Base, baht"): frame["base"].round(),
            _("Scenario, baht"): frame["scenario"].round(),
            _("Difference, baht"): frame["difference"].round(),
            _("Difference, %"): (frame["share"] * 100).round(1),
        }
    )


def winners_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Schools that gain, lose or stay, by size group, in words."""
    order = {b: n for n, b in enumerate(rates.Step(low, high, 0).band for low, high in scenarios.SIZE_GROUPS)}
    rows = frame.sort_values(["group", "side"], key=lambda c: c.map({**order, "gain": 0, "lose": 1, "same": 2}))
    return pd.DataFrame(
        {
            _("Size"): [band_words(g) for g in rows["group"]],
            _("Side"): [_(SIDES[s]) for s in rows["side"]],
            _("Schools"): rows["schools"].tolist(),
            _("Pupils"): [int(n) for n in rows["pupils"]],
            _("Change a year, baht"): rows["baht"].round().tolist(),
        }
    )


def grant_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Grants by level before and after, in words; a level that a card does not pay says so."""

    def rate(value: float) -> str:
        return _("Not supplied") if pd.isna(value) else format_number(value, lang())

    return pd.DataFrame(
        {
            _("Rate"): [_(RATES[p]) for p in frame["programme"]],
            _("Level"): [_(CODES["level"][level]) for level in frame["level"]],
            _("Base, baht a semester"): [rate(v) for v in frame["base"]],
            _("Scenario, baht a semester"): [rate(v) for v in frame["scenario"]],
            _("Recipients of two semesters"): [int(n) for n in frame["pupil_semesters"]],
        }
    )


def side_table(found: Sequence[tuple[str, Scenario, pd.DataFrame]], chosen: Filters) -> pd.DataFrame:
    """Terms and results of each scenario, one column each; everything in words, as rates and shares share a column."""
    base, before = found[0][1], float(found[0][2]["baht"].sum())
    columns: dict[str, list[str]] = {}
    for code, s, costs in found:
        total = float(costs["baht"].sum())
        sides = draft.school_sides(s, base, chosen) if code != draft.BASE else pd.DataFrame(columns=["side", "schools"])
        count = sides.groupby("side")["schools"].sum()
        by = costs.groupby("programme")["baht"].sum()
        heading = _("Base") if code == draft.BASE else s.name
        columns[heading] = [
            *(" · ".join(f"{band_words(b)} {format_number(v, lang())}" for b, v in s.bands(r)) or "–" for r in rates.RATE_IDS),
            format_number(s.days, lang()),
            format_percent(s.indexation, lang()),
            f"{s.start_year}–{s.start_year + s.years - 1}",
            *(format_money(by.get(r, 0.0), lang()) for r in rates.RATE_IDS),
            format_money(total, lang()),
            "–" if code == draft.BASE else signed(total - before),
            *("–" if code == draft.BASE else format_number(count.get(side, 0), lang()) for side in ("gain", "lose")),
        ]
    units = {LUNCH: _("baht per school day"), BASIC: _("baht per semester"), EQUITY: _("baht per semester")}
    rows = [f"{_(RATES[r])}, {units[r]}" for r in rates.RATE_IDS]
    rows += [_("School days a year"), _("Indexation a year"), _("Fiscal years")]
    rows += [_("Cost: {rate}", rate=_(RATES[r])) for r in rates.RATE_IDS]
    rows += [_("Cost, all years"), _("Difference to the base"), _("Schools that gain"), _("Schools that lose")]
    return pd.DataFrame({_("What"): rows, **columns})
