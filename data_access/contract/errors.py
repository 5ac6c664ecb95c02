"""Errors that a person can act on; everything else is a bug and may traceback in a log, never on a screen."""

from __future__ import annotations

import errno
import logging
from typing import Any

from i18n import N_, gettext


class SamoephakError(Exception):
    """An error with a translatable message: an English format string and its parameters."""

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(msgid.format(**params))
        self.msgid, self.params = msgid, params

    def message(self, lang: str) -> str:
        """The message in the reader's language: so is a parameter that is an error itself, and of a pair `name_th`, `name_en` one becomes `name`."""
        params = {k: v.message(lang) if isinstance(v, SamoephakError) else v for k, v in self.params.items()}
        params |= {k.removesuffix(f"_{lang}"): v for k, v in params.items() if k.endswith(f"_{lang}")}
        return gettext(self.msgid, lang, **params)


class UsageError(SamoephakError):
    """The question itself is wrong: an unknown indicator, filter, or mix of period types."""


class StoreError(SamoephakError):
    """The database does not answer, or not in time. What was asked before is still remembered; the next question tries again."""


class ReleaseError(SamoephakError):
    """A release is missing, damaged or cannot be published."""


class DiskError(SamoephakError):
    """The file system refused to write or read."""


class AuditError(SamoephakError):
    """Something was done and could not be written into the audit log."""


TOLD = (SamoephakError, OSError)
"""What people are told in words (`told`) wherever something may be refused: on pages, in callbacks, on the command line."""
_OF_THE_DISK = {
    errno.ENOSPC: N_("The disk of the server is full, so this was not saved. Do it again when the administrator has made room."),
    errno.EDQUOT: N_(
        "The server has used all the space that it is given on the disk, so this was not saved. "
        "Do it again when the administrator has made room."
    ),
    errno.EROFS: N_(
        "The disk of the server can only be read at this moment, so this was not saved. Tell the administrator, and do it again later."
    ),
    errno.EACCES: N_("The server has no right to {name}. The administrator gives it to the user that the server runs as."),
    errno.EIO: N_("The disk of the server has failed. Tell the administrator: backups are restored on another one."),
    errno.EMFILE: N_("Too many files and connections are open on the server. Do it again in a minute."),
}
_LOGGER = logging.getLogger("samoephak")
_AS = {errno.EPERM: errno.EACCES, errno.ENFILE: errno.EMFILE}


def told(error: SamoephakError | OSError) -> SamoephakError:
    """What a person is told of an error of `TOLD`: what the file system refuses is named with what to do about it."""
    if isinstance(error, SamoephakError):
        return error
    number = error.errno or 0
    name = str(error.filename or "").replace("\\", "/").rsplit("/", 1)[-1]  # no paths of the server on a page
    _LOGGER.warning("The file system refused", exc_info=error)
    msgid = _OF_THE_DISK.get(_AS.get(number, number), N_("The file system refused: {reason}"))
    return DiskError(msgid, name=name or "…", reason=error.strerror or type(error).__name__)
