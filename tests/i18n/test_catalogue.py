"""The Thai catalogue covers exactly what the sources say, completely."""

from __future__ import annotations

from i18n.extract import messages_in, parameters, used_messages
from i18n.messages import read_catalogue

ENTRIES = {m.id: m for m in read_catalogue() if m.id}


def test_every_message_is_in_the_catalogue() -> None:
    assert sorted(set(used_messages()) - set(ENTRIES)) == []


def test_every_message_is_translated() -> None:
    assert sorted(m for m, entry in ENTRIES.items() if not entry.string) == []


def test_nothing_is_fuzzy_or_obsolete() -> None:
    assert [m for m, entry in ENTRIES.items() if entry.fuzzy] == []
    assert list(read_catalogue().obsolete) == []
    assert sorted(set(ENTRIES) - set(used_messages())) == []


def test_parameters_match() -> None:
    assert [m for m, entry in ENTRIES.items() if parameters(m) != parameters(str(entry.string))] == []


def test_extraction_reads_literals_and_plurals() -> None:
    source = 'x = _("a {b}"); y = N_("c"); z = i18n.gettext("d", "th"); w = ngettext("one e", "{n} es", 2); v = _(name)'
    assert messages_in(source) == {"a {b}", "c", "d", "{n} es"}
