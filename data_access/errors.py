"""Errors that a person can act on; everything else is a bug and may traceback in a log, never on a screen."""

from __future__ import annotations

from typing import Any

from i18n import gettext


class SamoephakError(Exception):
    """An error with a translatable message: an English format string and its parameters."""

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(msgid.format(**params))
        self.msgid, self.params = msgid, params

    def message(self, lang: str) -> str:
        """The message in the reader's language."""
        return gettext(self.msgid, lang, **self.params)


class UsageError(SamoephakError):
    """The question itself is wrong: an unknown indicator, filter, or mix of period types."""


class StoreError(SamoephakError):
    """The database does not answer, or not in time. What was asked before is still remembered; the next question tries again."""


class ReleaseError(SamoephakError):
    """A release is missing, damaged or cannot be published."""
