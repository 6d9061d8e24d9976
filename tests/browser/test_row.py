"""A parameter that is a single row, or none: its parts are fields, and it is kept in the address."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def page(open_page):
    page = open_page("/simulator/at-least-once-delivery/", viewport={"width": 390, "height": 844})
    expect(page.get_by_role("group", name="the consumer crashes")).to_be_visible()
    return page


def crash(page):
    group = page.get_by_role("group", name="the consumer crashes")
    return group.locator("input[type=number]"), group.locator("select")


def test_a_part_runs_the_figure_again_and_leaves_the_others(page):
    record, where = crash(page)
    record.fill("4")
    page.keyboard.press("Tab")
    expect(page.locator("main")).to_contain_text("expected [9], found [4]")
    where.select_option("after")
    expect(page.locator("main")).to_contain_text("expected [9], found []")
    expect(record).to_have_value("4")


def test_a_row_may_be_none_and_begins_with_its_defaults(page):
    none = page.locator(".of-row .unset input").first
    none.check()
    expect(page.locator("main")).to_contain_text("expected [9], found []")
    none.uncheck()
    record, where = crash(page)
    expect(record).to_have_value("0")
    expect(where).to_have_value("between")


def test_a_row_comes_back_from_the_address(page):
    record, _ = crash(page)
    record.fill("12")
    page.keyboard.press("Tab")
    page.wait_for_url("**%22record%22:12**")
    page.reload()
    expect(crash(page)[0]).to_have_value("12")
