"""The files that browsers draw pages with: those of `static/`, and scripts that Python packages bring. Compressed once, and never out of date.

Streamlit compresses such a file anew for everybody who asks, and does not say how long it may be kept: browsers then guess, for each file by
itself, and after a new version draw with some files of the old one.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

ROOT = Path(__file__).parents[2] / "static"
ADDRESS = "/app/static"
SCRIPTS = {"/plotly.js": ("plotly", "package_data", "plotly.min.js")}
"""Address -> the package that brings a script, and where it is in it; what asks for one names its version (`ui.blocks.components`)."""
ASK_AGAIN = "no-cache"
PART = "application/gzip"
"""What parts of a page are served as (`ui.blocks.blocks.served`): compressed JSON, which is no document. The headers of one would be longer than it."""
A_WEEK, FOR_EVER = "public, max-age=604800", "public, max-age=31536000, immutable"
COMPRESSED = (".woff2",)
"""What is no shorter when it is compressed again."""
TYPES = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".woff2": "font/woff2"}


def routes() -> list[Route]:
    """The addresses of all of them."""
    return [Route(f"{ADDRESS}/{{name:path}}", _answer), *(Route(address, _script(*found)) for address, found in SCRIPTS.items())]


async def _answer(request: Request) -> Response:
    """A file of `static/`: letters for a week, all else as long as it is what it was."""
    path = _inside(request.path_params["name"])
    if path is None:
        return PlainTextResponse("Not found", status_code=404)
    return _sent(request, path, A_WEEK if path.suffix in COMPRESSED else ASK_AGAIN)


def _script(package: str, *path: str) -> Callable[[Request], Awaitable[Response]]:
    file = Path(str(files(package).joinpath(*path)))

    async def answer(request: Request) -> Response:
        return _sent(request, file, FOR_EVER)

    return answer


def _inside(name: str) -> Path | None:
    try:
        path = (ROOT / name).resolve()
        return path if path.is_relative_to(ROOT) and path.is_file() else None
    except (OSError, ValueError):  # too long, or no name of a file at all
        return None


def _sent(request: Request, path: Path, kept: str) -> Response:
    body, tag = _packed(path, path.stat().st_mtime_ns)
    headers = {"Cache-Control": kept, "ETag": tag, "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if path.suffix not in COMPRESSED:
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
        else:
            body = path.read_bytes()
    return Response(body, media_type=TYPES.get(path.suffix, "text/plain"), headers=headers)


@lru_cache(maxsize=64)
def _packed(path: Path, _changed: int) -> tuple[bytes, str]:
    """A file as it travels, and a tag that follows from what is in it."""
    body = path.read_bytes()
    packed = body if path.suffix in COMPRESSED else gzip.compress(body, mtime=0)
    return packed, f'"{hashlib.sha256(body).hexdigest()[:32]}"'
