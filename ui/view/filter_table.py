"""The filters: one table that the address, the field in the bar, the words and the question are made from.

A row says both how a choice is asked and how it is spelled out, and `Filters.where` and `Filters.words` walk over the same rows: what is
spelled out is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import geo
from data_access.contract.periods import parse_period, period_type
from data_access.programmes import splits
from i18n import N_, gettext


@dataclass(frozen=True)
class Filter:
    """One filter.

    Attributes:
        key: in the address, and what a page says that it heeds.
        label: of its field in the bar; `everything` what the field says where nothing is chosen, empty where something always is.
        kind: what of a question it narrows.
        pattern: the form of a code in the address.
        ask: code and region scheme -> the key of `query` that it is asked by.
        say: code, region scheme and language -> the choice in words; of places in the order of `rank`; of a pilot set its code, whose name
            is in the release (`ui.kit.filters.said`).
        codes: the closed list of codes of a split -> their words.
    """

    key: str
    label: str
    kind: Literal["period", "place", "split"]
    pattern: str
    ask: Callable[[str, str], str]
    say: Callable[[str, str, str], str]
    everything: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    rank: int = 0


def split(key: str, label: str, everything: str, codes: Mapping[str, str]) -> Filter:
    """A filter by a characteristic that indicators are split by under the same key."""
    return Filter(
        key,
        label,
        "split",
        "|".join(codes),
        lambda _code, _scheme: key,
        lambda code, _scheme, language: gettext(codes[code], language),
        everything,
        codes,
    )


def region_name(scheme: str, code: str, language: str) -> str:
    """A region in words."""
    return dict(region_names(scheme, language)).get(code, code)


@lru_cache(maxsize=16)
def region_names(scheme: str, language: str) -> tuple[tuple[str, str], ...]:
    """(code, words) of the regions of a scheme, in reading order."""
    found = geo.regions(scheme)
    return tuple(zip(found.index.astype(str), found[f"name_{language}"], strict=True))


def _region(code: str, scheme: str, language: str) -> str:
    return f"{region_name(scheme, code, language)} ({geo.REGION_SCHEMES[scheme][language]})"


def _province(code: str, _scheme: str, language: str) -> str:
    return geo.name(code, language)


FILTERS = (
    Filter(
        "period",
        N_("Period"),
        "period",
        r"25\d\d-[12]|(AY|FY|CY)25\d\d",
        lambda code, _scheme: period_type(code),
        lambda code, _scheme, language: parse_period(code).label(language),
    ),
    Filter(
        "region", N_("Region"), "place", r"[A-Za-z0-9_-]{1,24}", lambda _c, scheme: scheme, _region, N_("All regions"), rank=1
    ),
    Filter("province", N_("Province"), "place", r"[1-9]\d", lambda _c, _s: "province", _province, N_("All provinces")),
    split("sex", N_("Sex"), N_("All"), {"male": N_("Boys"), "female": N_("Girls"), "unspecified": N_("Sex not given")}),
    split(
        "level",
        N_("Level"),
        N_("All levels"),
        {
            "kindergarten": N_("Kindergarten"),
            "primary": N_("Primary"),
            "lower_secondary": N_("Lower secondary"),
            "upper_secondary": N_("Upper secondary"),
        },
    ),
    split(
        "tier",
        N_("Poverty tier"),
        N_("All tiers"),
        {"extra_poor": N_("Extra-poor"), "poor": N_("Poor"), "not_poor": N_("Not poor")},
    ),
    split(
        "disability",
        N_("Disability"),
        N_("With and without a disability"),
        {
            "disabled": N_("With a disability"),
            "not_disabled": N_("Without a disability"),
            "unspecified": N_("Disability not stated"),
        },
    ),
    Filter(
        "set",
        N_("Pilot set"),
        "place",
        r"[a-z][a-z0-9_]{1,30}",
        lambda _c, _s: "pilot_set",
        lambda code, _s, _l: code,
        N_("No pilot set"),
        rank=2,
    ),
    *(split(key, s.label, s.everything, {code: words[0] for code, words in s.codes.items()}) for key, s in splits().items()),
)
"""Every filter, in the order of the bar; those of the splits that programmes bring along stand last."""
BY_KEY = {f.key: f for f in FILTERS}
