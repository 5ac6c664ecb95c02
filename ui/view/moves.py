"""What filters and maps offer: another part of the view. Light to import, so that a click after a restart waits for no library that draws."""

from __future__ import annotations

import streamlit as st

import geo
from ui.view import address
from ui.view.events import act
from ui.view.filter_table import BY_KEY, FILTERS
from ui.view.text import _, lang, plain

OFFERED = 50


@act
def change_filter(sent: dict[str, str]) -> None:
    """A field of the filter bar was changed: what no longer fits it is given up."""
    key, value = sent["key"], sent["value"]
    if key == "clear":
        return address.put(**dict.fromkeys(f.key for f in FILTERS if f.everything))
    if key == "province":
        return find_province(value)
    if key not in (*BY_KEY, "scheme") or (value and not address.fits(key, value)):
        return None
    changes: dict[str, str | None] = {key: value or None}
    if key == "scheme":
        changes["region"] = None
    province, scheme = address.get("province"), address.get("scheme") or "region4"
    if key == "region" and value and province and geo.region_of(province, scheme) != value:
        changes["province"] = None
    return address.put(**changes)


@act
def find_province(typed: str) -> None:
    """Choose the province of a code, or the one that typed text means by any of its names; where that would be a guess, offer what it may mean.

    Empty text chooses none.
    """
    if not typed or (len(typed) == 2 and geo.is_place(typed)):
        address.put(province=typed or None)
        return
    found = geo.search(typed, OFFERED, lang())
    meant = geo.certain(found)
    if meant:
        address.put(province=meant)
        if found[0].level != "province":  # a district or a town: which province that is, is said
            st.toast(_("{place} is in {province}", place=plain(typed), province=geo.name(meant, lang())))
    elif found:
        named = ", ".join(p.label for p in found[:3])
        st.toast(_("No province is called {name}. Perhaps: {places}", name=plain(typed), places=named))
    else:
        st.toast(_("No province is called {name}", name=plain(typed)))
