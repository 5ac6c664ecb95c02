"""The link that opens the app on the machine that it runs on, where nobody signs in: made when the server starts, and printed.

A web server cannot tell a browser beside it from one that a forward of a port, a tunnel or a plain proxy lets in. Who may change something has
therefore followed a link that only the window shows in which the server was started; a cookie says so afterwards (decision 29).
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit import cli_util
from streamlit.web.server import server_util

from i18n import LANGUAGES, N_, gettext

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ADDRESS, PART = "/open", "once"
FROM_A_BROWSER = re.compile(
    "|".join(
        (
            r"host|connection|keep-alive|upgrade|te|transfer-encoding|content-length|content-type|user-agent|referer|origin|cookie|range|priority|purpose",
            r"accept(-charset|-encoding|-language)?|cache-control|pragma|if-(match|none-match|range|modified-since|unmodified-since)",
            r"sec-fetch-(dest|mode|site|user|storage-access)|sec-(gpc|purpose)|sec-websocket-(extensions|key|protocol|version)",
            r"sec-ch-[a-z-]+|dpr|device-memory|viewport-width|downlink|ect|rtt|save-data",  # client hints
            r"access-control-request-(headers|method|private-network)|dnt|alt-used|service-worker|upgrade-insecure-requests|x-requested-with",
            r"x-xsrftoken",  # Streamlit's own
        )
    )
)
"""Names of what browsers send. A proxy adds names of its own, of which no list is complete; those of browsers are known."""
_secret = secrets.token_urlsafe(32)
"""What the cookie holds: nobody can make it up, and it ends with the process."""
_once = secrets.token_urlsafe(32)
"""What the link holds, until it has been followed."""


def routes() -> list[Route]:
    """The address of the link."""
    return [Route(ADDRESS, _open, methods=["GET"])]


def nobody_signs_in() -> bool:
    """Whether no identity provider is named, neither by the environment nor in Streamlit's secrets."""
    try:
        return "auth" not in st.secrets
    except FileNotFoundError:
        return True


def tell() -> None:
    """Print the link where it opens something, and open it in a browser unless the server was told not to (`server.headless`)."""
    if not nobody_signs_in() or st.get_option("server.address") not in LOOPBACK:
        return
    _print(N_("The app opens by this link; without it it shows demonstration data and changes nothing:"))
    if not st.get_option("server.headless"):
        cli_util.open_browser(link())


def link() -> str:
    """The link, to be followed once; by the name of this machine that Streamlit prints too, for which alone the cookie then holds."""
    return f"{server_util.get_url(st.get_option('browser.serverAddress'))}{ADDRESS}?{urlencode({PART: _once})}"


def cookie() -> tuple[str, str]:
    """Name and value of the cookie that says that the link was followed. Browsers send a cookie to every port of a host: each has its own name."""
    return f"samoephak_opened_{st.get_option('server.port')}", _secret


def was_followed(cookies: Mapping[str, str]) -> bool:
    """Whether these cookies hold the one that the link sets."""
    name, value = cookie()
    return hmac.compare_digest(cookies.get(name, "").encode(), value.encode())


def straight(headers: Mapping[str, str]) -> bool:
    """Whether a request came from a browser on this machine and through no proxy, as far as its headers tell: the server listens on the loopback
    address alone, was asked by a name of it, and nothing is there that browsers do not send."""
    if st.get_option("server.address") not in LOOPBACK:
        return False
    host, origin = headers.get("host", ""), headers.get("origin")
    if origin and origin.partition("://")[2] != host:  # browsers send the cookie for pages of every server on this machine
        return False
    return _host(f"//{host}") in LOOPBACK and all(FROM_A_BROWSER.fullmatch(name.lower()) for name in headers)


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


async def _open(request: Request) -> Response:
    """Set the cookie and go on to the app under an address without the secret; the next link is printed."""
    global _once
    given = request.query_params.get(PART, "").encode()
    looked = request.method != "GET"  # what a preview of links does
    if looked or not nobody_signs_in() or not straight(request.headers) or not hmac.compare_digest(given, _once.encode()):
        words = N_(
            "This link has been followed before, or is of an earlier start. The newest one stands in the window of the server."
        )
        return PlainTextResponse("\n".join(gettext(words, language) for language in LANGUAGES), status_code=403)
    _once = secrets.token_urlsafe(32)
    _print(N_("The link was followed. For another browser:"))
    answer = RedirectResponse("./", status_code=303, headers={"Cache-Control": "no-store"})
    name, value = cookie()
    answer.set_cookie(name, value, httponly=True, samesite="strict", path="/")
    return answer


def _print(words: str) -> None:
    lines = [gettext(words, language) for language in LANGUAGES]
    print(*lines, f"  {link()}", sep="\n", flush=True)
