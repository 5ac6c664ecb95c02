"""The simulator of rates: a scenario is changed, refused, saved, opened by its address and deleted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import PATIENCE, Server, open_page, query_of, settled

FORM = ".st-key-policy_form"
NAME = "Fifteen ~~days~~ more"  # Markdown where it is not set as text


@pytest.fixture
def simulator(new_page: Callable[..., Page], cold_server: Callable[..., Server]) -> Page:
    page = new_page()
    open_page(page, cold_server(own_data=True), "policy", lang="en", tab="simulator")
    return page


def tile(page: Page, label: str) -> str:
    return page.locator(".sb-tile", has_text=label).locator("[data-part=number]").inner_text()


def press(page: Page, name: str) -> None:
    page.locator(FORM).get_by_role("button", name=name, exact=True).click()


def test_a_changed_scenario_costs_more_and_is_saved_and_deleted(simulator: Page) -> None:
    page = simulator
    assert tile(page, "Difference, all years") == "0 baht"
    page.locator("[name=days]").fill("220")
    press(page, "Calculate")
    expect(page.locator(".st-key-policy_map")).to_be_visible(timeout=PATIENCE)
    settled(page)
    assert tile(page, "Difference, all years").startswith("+")
    assert page.locator("[name=days]").input_value() == "220"
    assert "scenario" not in query_of(page)

    page.locator("[name=name]").fill(NAME)
    press(page, "Save")
    page.wait_for_url(re.compile(r"[?&]scenario=[0-9a-f]{12}"), timeout=PATIENCE)
    settled(page)
    page.reload()
    expect(page.locator("[name=policy_saved] option:checked")).to_have_text(NAME, timeout=PATIENCE)
    assert tile(page, "Difference, all years").startswith("+")

    page.locator(".st-key-policy_ask_delete button").click()
    expect(page.get_by_role("dialog").get_by_text(NAME)).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    settled(page)
    assert "scenario" not in query_of(page)
    assert page.locator("[name=policy_saved] option").all_inner_texts() == ["New scenario"]
    assert tile(page, "Difference, all years") == "0 baht"


def test_what_breaks_a_rule_is_said_and_what_was_typed_stays(simulator: Page) -> None:
    page = simulator
    before = tile(page, "Scenario, fiscal year")
    page.locator(FORM).get_by_role("button", name="Add a step").click()
    page.keyboard.type("41")  # the new step has the focus; one begins there already
    page.keyboard.press("Tab")
    page.keyboard.type("30")
    press(page, "Calculate")
    expect(page.get_by_text("Two lunch steps begin at the same size")).to_be_visible(timeout=PATIENCE)
    settled(page)
    rows = page.locator(f"{FORM} tbody tr")
    assert [box.input_value() for box in rows.last.locator("input").all()] == ["41", "30"]
    assert tile(page, "Scenario, fiscal year") == before
    rows.last.get_by_role("button", name=re.compile("^Take step")).click()
    press(page, "Calculate")
    settled(page)
    assert rows.count() == 4
    assert tile(page, "Scenario, fiscal year") == before
