"""The filter bar: a page says which filters apply, the values live in the address, panels ask `Filters` for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import geo
from data_access.contract.periods import parse_period, period_type
from i18n import N_, gettext
from ui.blocks import components
from ui.kit import data
from ui.view import address, events, moves
from ui.view import view as views
from ui.view.filter_table import BY_KEY, FILTERS, Filter, region_names
from ui.view.text import _, lang

CODES: dict[str, Mapping[str, str]] = {
    **{f.key: f.codes for f in FILTERS if f.codes},
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
SCHEME = N_("Region scheme")
NAMED = ("period", "region", "province", "set")
"""The filters that are attributes of `Filters`, and stand in the bar itself; the rest, chosen less often, in a fold beside it."""


@dataclass(frozen=True)
class Filters:
    """What the reader has chosen, limited to what the page declared; `more` holds the splits, and any filter without a name of its own."""

    lang: str = "th"
    period: str | None = None
    scheme: str = "region4"
    region: str | None = None
    province: str | None = None
    pilot_set: str | None = None
    more: tuple[tuple[str, str], ...] = ()

    def chosen(self) -> list[tuple[Filter, str]]:
        """Every filter that narrows something, and its code: what is asked, and what is told, is made of these alone."""
        own = {"period": self.period, "region": self.region, "province": self.province, "set": self.pilot_set}
        codes = {**own, **dict(self.more)}
        return [(f, code) for f in FILTERS if (code := codes.get(f.key))]

    def where(
        self, *, period: bool = True, place: bool = True, province: bool | None = None, split: bool = True
    ) -> dict[str, Any]:
        """The filters as `query` takes them.

        Args:
            period, split: leave the period or the splits out.
            place: leave region, pilot set and province out; `province` overrules it for the province alone.
        """
        wanted = {"period": period, "place": place, "split": split}
        by_province = place if province is None else province
        return {
            f.ask(code, self.scheme): code
            for f, code in self.chosen()
            if (by_province if f.key == "province" else wanted[f.kind])
        }

    def national(self) -> Filters:
        """The same without any place, for comparison."""
        return replace(self, region=None, province=None, pilot_set=None, more=self._without("place"))

    def whole(self) -> Filters:
        """The same without any split."""
        return replace(self, more=self._without("split"))

    def _without(self, kind: str) -> tuple[tuple[str, str], ...]:
        return tuple((key, code) for key, code in self.more if BY_KEY[key].kind != kind)

    def only_province(self) -> bool:
        """Whether nothing narrower than a province is chosen: targets are of the whole country or of a province."""
        return replace(self.national().whole(), province=self.province) == self

    def words(self, language: str | None = None) -> str:
        """The filters spelled out, for headings, exports and pictures."""
        in_lang = language or self.lang
        return " · ".join([*self._told("period", in_lang), self.place_words(in_lang), *self._told("split", in_lang)])

    def place_words(self, language: str | None = None) -> str:
        """The place part of the filters."""
        in_lang = language or self.lang
        return " · ".join(self._told("place", in_lang)) or gettext(N_("Whole country"), in_lang)

    def _told(self, kind: str, language: str) -> list[str]:
        own = sorted(((f, code) for f, code in self.chosen() if f.kind == kind), key=lambda found: found[0].rank)
        return [said(f, code, self.scheme, language) for f, code in own]

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


def said(row: Filter, code: str, scheme: str, language: str) -> str:
    """The choice of a filter in words."""
    return row.say(code, scheme, language) if row.key != "set" else pilot_set_names(language).get(code, code)


def pilot_set_names(language: str) -> dict[str, str]:
    """Pilot set id -> words."""
    frame = data.table("pilot_set")
    return dict(zip(frame["set_id"], frame[f"name_{language}"], strict=True))


def current(applies: Sequence[str], offer: data.Offer | None = None) -> Filters:
    """The filters in force, without drawing the bar: invalid codes fall away, the period is one of those on offer."""
    chosen = {k: address.get(k) for k in applies}
    scheme = address.get("scheme") or "region4"
    regions = {c for c, _words in region_names(scheme, "th")}
    return Filters(
        lang=lang(),
        scheme=scheme,
        period=fit(address.get("period"), offer or data.Offer()) if "period" in applies else None,
        region=r if (r := chosen.get("region")) in regions else None,
        province=p if (p := chosen.get("province")) in province_codes() else None,
        pilot_set=s if (s := chosen.get("set")) in pilot_set_names("th") else None,
        more=tuple((f.key, code) for f in FILTERS if f.key not in NAMED and (code := chosen.get(f.key))),
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
    views.note_next(_beside(applies, offer.periods, filters))
    components.filter_bar("filters", _bar_data(applies, offer, filters), events.offer(moves.change_filter))
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

    def field(key: str, label: str, value: str | None, names: Mapping[str, str], everything: str = "") -> None:
        empty = _(everything) if everything else None
        rarer = key not in NAMED
        fields.append(
            {"key": key, "label": _(label), "value": value, "options": list(names.items()), "empty": empty, "rarer": rarer}
        )

    held = {f.key: code for f, code in filters.chosen()}
    for f in (f for f in FILTERS if f.key in applies):
        if f.key == "region":
            field("scheme", SCHEME, filters.scheme, {k: v[filters.lang] for k, v in geo.REGION_SCHEMES.items()})
        if f.key != "period" or offer.periods:
            field(f.key, f.label, held.get(f.key), _options(f, offer, filters), f.everything)
        if f.key == "province":
            inside = filters.provinces_inside()
            fields[-1]["only"] = [
                c for c in sorted_provinces(filters.lang) if inside is None or c in inside or c == filters.province
            ]
    return {"lang": filters.lang, "label": _("Filters"), "clear": _("Clear filters"), "more": _("More filters"), "fields": fields}


def _options(of: Filter, offer: data.Offer, filters: Filters) -> Mapping[str, str]:
    """Code -> words of what a field offers; those of provinces the browser has."""
    if of.key == "period":
        return {c: _period_words(c, offer, filters.lang) for c in reversed(offer.periods)}
    if of.key == "region":
        return dict(region_names(filters.scheme, filters.lang))
    return pilot_set_names(filters.lang) if of.key == "set" else {code: _(words) for code, words in of.codes.items()}


def _period_words(code: str, offer: data.Offer, language: str) -> str:
    words = parse_period(code).label(language)
    return _("{period} (provisional)", period=words) if code in offer.provisional else words


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
    components.filter_bar(f"{key}_search", asked, events.offer(moves.change_filter))
