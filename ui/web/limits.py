"""How many readers the operating system lets one process have: said at start, raised as far as it may be."""

from __future__ import annotations

import sys

from data_access import logs

A_READER = 4
"""Descriptors of a session: its web socket, and what a thread that draws holds for a while. Closed sessions are kept for ten minutes."""
OWN = 200
"""Descriptors of the process besides: libraries, releases, the database."""
PROMISED = 500
"""Readers of one process (`docs/operations.md`)."""


def start() -> int | None:
    """Raise the number of files that may be open to what the system allows, and say in the log when it is too small for the readers promised.

    Returns:
        How many may be open; None where the system counts otherwise (Windows).
    """
    if sys.platform == "win32":
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        except (OSError, ValueError):  # macOS has a lower limit of its own that it does not tell; a service may not be allowed to
            logs.LOGGER.info("The limit on open files could not be raised")
    if soft != resource.RLIM_INFINITY and soft < needed(PROMISED):
        logs.LOGGER.warning(
            "At most %d files may be open, which is enough for about %d readers; %d need %d: raise LimitNOFILE, ulimits or ulimit -n",
            soft,
            max(0, (soft - OWN) // (2 * A_READER)),
            PROMISED,
            needed(PROMISED),
        )
    return soft


def needed(readers: int) -> int:
    """Files for so many readers at a time, and as many sessions that have ended and are still kept."""
    return OWN + 2 * A_READER * readers
