"""The address codec: raw codes, validated; the view follows from page to page."""

from __future__ import annotations

from ui.view import address as addresses


def test_only_valid_codes_survive() -> None:
    address = {
        "lang": "en",
        "period": "2565-1",
        "province": "50",
        "sex": "male",
        "region": "<script>",
        "tier": "rich",
        "other": "x",
        "set": "Learning city",
    }
    assert addresses.decode(address) == {"lang": "en", "period": "2565-1", "province": "50", "sex": "male"}


def test_every_period_type_is_a_code() -> None:
    for period in ("2565-2", "AY2565", "FY2566", "CY2565"):
        assert addresses.decode({"period": period}) == {"period": period}
    assert addresses.decode({"period": "1/2565"}) == {}


def test_the_view_follows_to_another_page_but_the_address_wins() -> None:
    memory = {"lang": "en", "province": "50", "period": "2565-1", "measure": "grant.found"}
    assert addresses.merge({}, memory, moved=True) == {"lang": "en", "province": "50", "period": "2565-1"}
    assert addresses.merge({"province": "40"}, memory, moved=True)["province"] == "40"
    assert addresses.merge({}, memory, moved=False) == {}
