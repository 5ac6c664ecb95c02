"""The filter bar: a page says which filters apply, the values live in the address, panels ask `Filters` for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import streamlit as st

import geo
from data_access.periods import parse_period, period_type
from i18n import N_, gettext
from ui import ahead, components, data, state
from ui.text import _, lang, plain

CODES = {
    "sex": {"male": N_("Boys"), "female": N_("Girls"), "unspecified": N_("Sex not given")},
    "level": {
        "kindergarten": N_("Kindergarten"),
        "primary": N_("Primary"),
        "lower_secondary": N_("Lower secondary"),
        "upper_secondary": N_("Upper secondary"),
    },
    "tier": {"extra_poor": N_("Extra-poor"), "poor": N_("Poor"), "not_poor": N_("Not poor")},
    "disability": {
        "disabled": N_("With a disability"),
        "not_disabled": N_("Without a disability"),
        "unspecified": N_("Disability not stated"),
    },
    "arm": {
        "comparison": N_("Comparison group"),
        "visits": N_("Home visits"),
        "cash": N_("Cash transfer"),
        "visits_cash": N_("Home visits and cash transfer"),
    },
    "age_group": {
        "3_5": N_("3–5 years"),
        "6_14": N_("6–14 years"),
        "15_17": N_("15–17 years"),
        "18_24": N_("18–24 years"),
        "25_59": N_("25–59 years"),
        "60_up": N_("60 years and over"),
    },
}
LABELS = {
    "period": N_("Period"),
    "scheme": N_("Region scheme"),
    "region": N_("Region"),
    "province": N_("Province"),
    "sex": N_("Sex"),
    "level": N_("Level"),
    "tier": N_("Poverty tier"),
    "disability": N_("Disability"),
    "set": N_("Pilot set"),
}
EVERYTHING = {
    "region": N_("All regions"),
    "province": N_("All provinces"),
    "sex": N_("All"),
    "level": N_("All levels"),
    "tier": N_("All tiers"),
    "disability": N_("With and without a disability"),
    "set": N_("No pilot set"),
}
SPLITS = ("sex", "level", "tier", "disability")


@dataclass(frozen=True)
class Filters:
    """What the reader has chosen, limited to what the page declared."""

    lang: str = "th"
    period: str | None = None
    scheme: str = "region4"
    region: str | None = None
    province: str | None = None
    sex: str | None = None
    level: str | None = None
    tier: str | None = None
    disability: str | None = None
    pilot_set: str | None = None

    def where(
        self, *, period: bool = True, place: bool = True, province: bool | None = None, split: bool = True
    ) -> dict[str, Any]:
        """The filters as `query` takes them.

        Args:
            period, split: leave the period or the splits out.
            place: leave region, pilot set and province out; `province` overrules it for the province alone.
        """
        out: dict[str, Any] = {}
        if period and self.period:
            out[period_type(self.period)] = self.period
        if place and self.region:
            out[self.scheme] = self.region
        if place and self.pilot_set:
            out["pilot_set"] = self.pilot_set
        if (place if province is None else province) and self.province:
            out["province"] = self.province
        if split:
            out.update({k: v for k in SPLITS if (v := getattr(self, k))})
        return out

    def national(self) -> Filters:
        """The same without any place, for comparison."""
        return replace(self, region=None, province=None, pilot_set=None)

    def whole(self) -> Filters:
        """The same without any split."""
        return replace(self, **dict.fromkeys(SPLITS))

    def only_province(self) -> bool:
        """Whether nothing narrower than a province is chosen: targets are of the whole country or of a province."""
        return replace(self.national().whole(), province=self.province) == self

    def words(self, language: str | None = None) -> str:
        """The filters spelled out, for headings, exports and pictures."""
        in_lang = language or self.lang
        parts = [parse_period(self.period).label(in_lang)] if self.period else []
        parts.append(self.place_words(in_lang))
        parts += [gettext(CODES[k][v], in_lang) for k in SPLITS if (v := getattr(self, k))]
        return " · ".join(parts)

    def place_words(self, language: str | None = None) -> str:
        """The place part of the filters."""
        in_lang = language or self.lang
        parts = []
        if self.province:
            parts.append(geo.name(self.province, in_lang))
        if self.region:
            parts.append(f"{region_name(self.scheme, self.region, in_lang)} ({geo.REGION_SCHEMES[self.scheme][in_lang]})")
        if self.pilot_set:
            parts.append(pilot_set_names(in_lang).get(self.pilot_set, self.pilot_set))
        return " · ".join(parts) or gettext(N_("Whole country"), in_lang)

    def provinces_inside(self) -> list[str] | None:
        """The provinces of the chosen region, or None when no region is chosen."""
        if not self.region:
            return None
        return [c for c in province_codes() if geo.region_of(c, self.scheme) == self.region]


@lru_cache(maxsize=1)
def province_codes() -> tuple[str, ...]:
    """The 77 codes."""
    return tuple(str(c) for c in geo.provinces().index)


@lru_cache(maxsize=2)
def sorted_provinces(language: str) -> tuple[str, ...]:
    """Codes in the order of the reader's alphabet."""
    if language == "th":
        return tuple(sorted(province_codes(), key=lambda c: geo.thai_sort_key(geo.name(c, "th"))))
    return tuple(sorted(province_codes(), key=lambda c: geo.name(c, "en")))


def region_name(scheme: str, code: str, language: str) -> str:
    """A region in words."""
    return dict(region_names(scheme, language)).get(code, code)


@lru_cache(maxsize=16)
def region_names(scheme: str, language: str) -> tuple[tuple[str, str], ...]:
    """(code, words) of the regions of a scheme, in reading order."""
    found = geo.regions(scheme)
    return tuple(zip(found.index.astype(str), found[f"name_{language}"], strict=True))


def pilot_set_names(language: str) -> dict[str, str]:
    """Pilot set id -> words."""
    frame = data.table("pilot_set")
    return dict(zip(frame["set_id"], frame[f"name_{language}"], strict=True))


def current(applies: Sequence[str], offer: data.Offer | None = None) -> Filters:
    """The filters in force, without drawing the bar: invalid codes fall away, the period is one of those on offer."""
    chosen = {k: state.get(k) for k in applies}
    scheme = state.get("scheme") or "region4"
    regions = {c for c, _words in region_names(scheme, "th")}
    return Filters(
        lang=lang(),
        scheme=scheme,
        period=fit(state.get("period"), offer or data.Offer()) if "period" in applies else None,
        region=r if (r := chosen.get("region")) in regions else None,
        province=p if (p := chosen.get("province")) in province_codes() else None,
        **{key: chosen.get(key) for key in SPLITS},
        pilot_set=s if (s := chosen.get("set")) in pilot_set_names("th") else None,
    )


def fit(period: str | None, offer: data.Offer) -> str | None:
    """The wanted period if it is on offer, its academic cousin if that is, else the latest complete one."""
    if period in offer.periods or not offer.periods:
        return period if offer.periods else None
    if period:
        cousin = data.convert_period(period, [period_type(offer.periods[-1])])
        if cousin and next(iter(cousin.values())) in offer.periods:
            return next(iter(cousin.values()))
    return offer.default


def bar(applies: Sequence[str], of: str | None = None, kinds: Sequence[str] = ()) -> Filters:
    """Draw the filter bar and return the filters in force.

    The period that a page opens with is no choice of the reader's: it is not put into the view, which goes on to other pages.

    Args:
        applies: which of period, region, province, the splits and set this page heeds.
        of: the indicator whose periods are on offer, of these `kinds` in this order.
    """
    offer = data.offer(of, kinds) if of else data.Offer()
    filters = current(applies, offer)
    in_force = {"region": filters.region, "province": filters.province, "set": filters.pilot_set}
    unknown = [k for k, value in in_force.items() if k in applies and value is None and state.get(k)]
    if unknown:  # the address says what is in force, and nothing else
        state.put(**dict.fromkeys(unknown))
    ahead.beside_it(_beside(applies, offer.periods, filters))
    components.filter_bar("filters", _bar_data(applies, offer, filters), _changed)
    return filters


def _beside(applies: Sequence[str], periods: Sequence[str], filters: Filters) -> tuple[dict[str, str], ...]:
    """What a reader may well change next: the period, a step either way; where a page has none the region, which are few."""
    if "period" in applies:
        at = periods.index(filters.period) if filters.period else 0
        return tuple({"period": periods[n]} for n in (at - 1, at + 1) if 0 <= n < len(periods))
    if "region" not in applies or filters.province:
        return ()
    codes = [code for code, _words in region_names(filters.scheme, filters.lang)]
    at = codes.index(filters.region) if filters.region else len(codes)
    return tuple({"region": code} for code in codes[at + 1 :] + codes[:at])


def _bar_data(applies: Sequence[str], offer: data.Offer, filters: Filters) -> dict[str, Any]:
    """The fields of the bar in order: key, label, value, options as (code, words), and the words for none where none can be chosen."""
    fields: list[dict[str, Any]] = []

    def field(key: str, value: str | None, names: dict[str, str]) -> None:
        empty = _(EVERYTHING[key]) if key in EVERYTHING else None
        fields.append({"key": key, "label": _(LABELS[key]), "value": value, "options": list(names.items()), "empty": empty})

    if "period" in applies and offer.periods:
        field("period", filters.period, {c: _period_words(c, offer, filters.lang) for c in reversed(offer.periods)})
    if "region" in applies:
        field("scheme", filters.scheme, {k: v[filters.lang] for k, v in geo.REGION_SCHEMES.items()})
        field("region", filters.region, dict(region_names(filters.scheme, filters.lang)))
    if "province" in applies:
        field("province", filters.province, {})
        inside = filters.provinces_inside()
        fields[-1]["only"] = [c for c in sorted_provinces(filters.lang) if inside is None or c in inside or c == filters.province]
    for key in SPLITS:
        if key in applies:
            field(key, getattr(filters, key), {k: _(v) for k, v in CODES[key].items()})
    if "set" in applies:
        field("set", filters.pilot_set, pilot_set_names(filters.lang))
    return {"lang": filters.lang, "label": _("Filters"), "clear": _("Clear filters"), "fields": fields}


def _period_words(code: str, offer: data.Offer, language: str) -> str:
    words = parse_period(code).label(language)
    return _("{period} (provisional)", period=words) if code in offer.provisional else words


def _changed(key: str, value: str) -> None:
    """A field of the bar was changed: what no longer fits it is given up."""
    if key == "clear":
        return _clear()
    if key == "province":
        return find_province(value)
    if key not in LABELS or (value and not state.fits(key, value)):
        return None
    changes: dict[str, str | None] = {key: value or None}
    if key == "scheme":
        changes["region"] = None
    province, scheme = state.get("province"), state.get("scheme") or "region4"
    if key == "region" and value and province and geo.region_of(province, scheme) != value:
        changes["province"] = None
    return state.put(**changes)


def find_province(typed: str) -> None:
    """Choose the province of a code, or the one that typed text means by any of its names; say so when it means none.

    Empty text chooses none.
    """
    found = [typed] if typed in province_codes() else [f.code for f in geo.search(typed, 1, lang())] if typed else []
    if typed and not found:
        st.toast(_("No province is called {name}", name=plain(typed)))
        return
    state.put(province=found[0][:2] if found else None)


def search_box(filters: Filters, key: str) -> None:
    """A box that finds a province by any of its names, for pages where no filter bar has one."""
    field = {
        "key": "province",
        "label": _("Find a province"),
        "value": filters.province,
        "empty": _("Type a name, e.g. กทม. or Korat"),
        "only": sorted_provinces(filters.lang),
    }
    asked = {"lang": filters.lang, "label": _("Find a province"), "clear": None, "fields": [field]}
    components.filter_bar(f"{key}_search", asked, _changed)


def _clear() -> None:
    state.put(**dict.fromkeys(("region", "province", *SPLITS, "set")))
