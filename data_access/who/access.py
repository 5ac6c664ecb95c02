"""Who may see what: roles, and the provinces whose places a person may see in detail.

Figures of the country, of regions and of provinces are for everybody who may come in. Detail is any figure or row of a smaller place:
district, sub-district, local authority, school or centre. A scope says of which provinces a person sees it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data_access.contract.errors import SamoephakError
from i18n import N_

VIEWER, PRESENTER, MANAGER, STEWARD, ADMINISTRATOR = ROLES = ("viewer", "presenter", "manager", "steward", "administrator")
"""Each may do what those before it may. Viewers read and download; presenters make stories; managers keep views and scenarios for
everybody; data stewards load, publish and bring back; administrators say who is who and read the audit log."""
GUEST = "guest"
"""Less than every role: looks at demonstration data on the machine itself, and leaves nothing behind. Nobody is admitted as one."""
_RANKS = (GUEST, *ROLES)
ROLE_NAMES = {
    VIEWER: N_("Viewer"),
    PRESENTER: N_("Presenter"),
    MANAGER: N_("Manager"),
    STEWARD: N_("Data steward"),
    ADMINISTRATOR: N_("Administrator"),
}


class ScopeError(SamoephakError):
    """A detail was asked for of a place outside the scope of who asks."""


class RoleError(SamoephakError):
    """The role of a person does not allow what was tried."""


@dataclass(frozen=True)
class Scope:
    """The provinces (codes) that a person may see in detail; `None`: all of them."""

    provinces: frozenset[str] | None = None

    @classmethod
    def of(cls, provinces: Iterable[str] | None) -> Scope:
        """From province codes, or None for everywhere."""
        return cls(None if provinces is None else frozenset(provinces))

    @property
    def everywhere(self) -> bool:
        return self.provinces is None

    def covers(self, province: str) -> bool:
        """Whether places of a province may be seen in detail."""
        return self.provinces is None or province in self.provinces

    def require(self, province: str) -> None:
        """Raise ScopeError unless places of a province may be seen in detail."""
        if not self.covers(province):
            raise ScopeError(N_("Places inside province {code} are outside what you may see in detail"), code=province)


EVERYWHERE, NOWHERE = Scope(), Scope(frozenset())


@dataclass(frozen=True)
class Person:
    """Somebody who uses the app or the command line; `id` is what the audit log names them by.

    `signed_out` is when they last signed out (seconds since 1970): an identity that the provider issued up to then counts no more.
    """

    id: str
    role: str
    scope: Scope = NOWHERE
    name: str = ""
    signed_out: int = 0

    def may(self, role: str) -> bool:
        """Whether this person may do what a role may."""
        return _RANKS.index(self.role) >= _RANKS.index(role)

    def require(self, role: str) -> None:
        """Raise RoleError unless this person may do what a role may."""
        if not self.may(role):
            raise RoleError(N_("This needs the role {role}"), role=role)


OPERATOR = Person("operator", ADMINISTRATOR, EVERYWHERE)
"""Who works on the machine itself: the command line, scheduled jobs, and whoever followed the link that the server printed."""
ANYBODY = Person("anybody", GUEST, EVERYWHERE)
"""Who reaches the loopback address of a server where nobody signs in, and has not followed its link."""
