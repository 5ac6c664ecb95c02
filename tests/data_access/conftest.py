"""Some modules open pages: they are for who has followed the link, in whatever order the tests are run."""

from __future__ import annotations

from tests.opened import link_followed as link_followed
