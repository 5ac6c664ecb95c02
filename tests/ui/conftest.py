"""Pages in these tests are for who has followed the link; where people sign in that makes no difference."""

from __future__ import annotations

from tests.opened import link_followed as link_followed
