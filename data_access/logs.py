"""The log of the server: one JSON object a line on standard error, without anything that identifies a person."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
import traceback
from types import TracebackType

from data_access.contract.national_ids import masked

LOGGER = logging.getLogger("samoephak")
_MASKS = (
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "*@*"),
    (re.compile(r"[\u0e00-\u0e7f]+"), "…"),  # names of persons and places are Thai; what a programmer needs is not
)
LONGEST = 2000


def nameless(text: str) -> str:
    """Text without national IDs (nor other numbers of 13 digits), e-mail addresses and Thai words."""
    text = masked(text, every=True)
    for pattern, put in _MASKS:
        text = pattern.sub(put, text)
    return text[:LONGEST]


class JsonLines(logging.Formatter):
    """A record as one line of JSON: at, level, logger, message, and of an exception its type and where it happened."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        said: dict[str, object] = {
            "at": dt.datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": nameless(record.getMessage()),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            said |= {"error": type(error).__name__, "words": nameless(str(error)), "where": _frames(record.exc_info[2])}
        return json.dumps(said, ensure_ascii=False)


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)][-12:]


def _is_not_of_a_page(record: logging.LogRecord) -> bool:
    return record.getMessage() != "Uncaught app execution"


def start() -> None:
    """Write what the app logs as JSON lines; again and again does no harm.

    Streamlit prints every error of a page before it asks what to do about it, with the values in its text: those lines are left out, since the
    app logs the same error without them.
    """
    logging.getLogger("streamlit.error_util").addFilter(_is_not_of_a_page)
    if not LOGGER.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.INFO)
        LOGGER.propagate = False
