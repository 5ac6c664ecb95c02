"""The reader's language and style in the current run."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import streamlit as st

from charts.style import Style
from data_access.contract.errors import TOLD, told
from i18n import gettext
from ui.view import address
from ui.view import view as views


def lang() -> str:
    """The language of the view."""
    return address.get("lang") or "th"


def _(msgid: str, **params: Any) -> str:
    """A message in the language of the view."""
    return gettext(msgid, lang(), **params)


def style() -> Style:
    """Language and light or dark, for the figure builders."""
    if drawn := views.at_hand():
        return drawn.style
    return Style(lang(), dark=st.context.theme.type == "dark")


def plain(text: str) -> str:
    """Text from data, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~$:])", r"\\\1", text)


def said(change: Callable[..., Any], *args: Any) -> Any:
    """Call something that may be refused; a refusal is said to the reader and nothing comes back. For callbacks."""
    try:
        return change(*args)
    except TOLD as error:
        st.toast(told(error).message(lang()), icon=":material/error:")
        return None
