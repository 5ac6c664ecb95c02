"""Figures as JSON for the browser, no longer than they have to be."""

from __future__ import annotations

import json
import math
from base64 import b64decode
from typing import Any

import numpy as np

DIGITS = 9  # of a number: what a screen can show, and whole numbers up to a thousand million


def written(figure: Any) -> bytes:
    """A figure of Plotly or deck.gl as its script reads it (UTF-8).

    Plotly writes arrays with sixteen digits a number in base 64, which can hardly be compressed; here they are lists of short numbers.
    """
    return json.dumps(_short(json.loads(figure.to_json())), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _short(part: Any) -> Any:
    match part:
        case {"bdata": str() as packed, "dtype": str() as kind, **rest}:
            numbers = np.frombuffer(b64decode(packed), dtype=kind)
            shape = [int(n) for n in str(rest.get("shape", len(numbers))).split(",")]
            return _short(numbers.reshape(shape).tolist())
        case dict():
            return {key: _short(value) for key, value in part.items()}
        case list():
            return [_short(value) for value in part]
        case float():
            return float(f"{part:.{DIGITS}g}") if math.isfinite(part) else None
    return part
