"""A parameter that is a list of rows: changed in place, by keyboard, and kept in the address."""

import re

import pytest
from playwright.sync_api import expect

FIGURE = "/simulator/producer-idempotence/"
# Producer id, epoch, first sequence and records of each batch.
ROWS = ["4001,0,0,2", "4001,0,2,2", "4001,0,4,3"]


@pytest.fixture
def page(open_page):
    page = open_page(FIGURE, viewport={"width": 390, "height": 844})
    expect(page.locator("table.rows tbody tr")).to_have_count(3)
    return page


def rows_are(page, *rows):
    for place, row in enumerate(rows):
        inputs = page.locator(f"table.rows tbody tr:nth-child({place + 1}) input")
        for field, value in enumerate(row.split(",")):
            expect(inputs.nth(field)).to_have_value(value)
    expect(page.locator("table.rows tbody tr")).to_have_count(len(rows))


def press(page, name):
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_the_rows_of_a_scenario_are_a_table_with_a_name(page):
    expect(page.get_by_role("group", name="batches that reach the broker")).to_be_visible()
    rows_are(page, *ROWS)


def test_a_cell_runs_the_figure_again(page):
    page.get_by_label("first sequence, row 3").fill("5")
    page.keyboard.press("Tab")
    rows_are(page, *ROWS[:2], "4001,0,5,3")
    expect(page.get_by_label("records, row 3")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.locator("figure .transport").get_by_role("button", name="Forward").click(click_count=2)
    expect(page.locator(".narration")).to_contain_text("OUT_OF_ORDER_SEQUENCE_NUMBER: next is 4")


def test_rows_are_added_moved_and_taken_out_by_keyboard(page):
    press(page, "Add a row")
    rows_are(page, *ROWS, ROWS[2])
    expect(page.get_by_label("producer id, row 4")).to_be_focused()
    press(page, "Move row 3 up")
    rows_are(page, ROWS[0], ROWS[2], ROWS[1], ROWS[2])
    expect(page.get_by_label("producer id, row 2")).to_be_focused()
    press(page, "Remove row 4")
    rows_are(page, ROWS[0], ROWS[2], ROWS[1])
    expect(page.get_by_role("button", name="Remove row 3")).to_be_focused()


def test_a_cell_out_of_bounds_is_told_and_an_empty_one_is_as_before(page):
    page.get_by_label("records, row 1").fill("0")
    page.keyboard.press("Tab")
    expect(page.locator(".of-rows .problem")).to_have_text("count was 0: the least is 1, so 1 is used")
    page.get_by_label("epoch, row 1").fill("")
    page.keyboard.press("Tab")
    rows_are(page, "4001,0,0,1", *ROWS[1:])


def test_rows_come_back_from_the_address(page):
    press(page, "Remove row 2")
    rows_are(page, ROWS[0], ROWS[2])
    expect(page).to_have_url(re.compile("#.*batches"))
    page.reload()
    rows_are(page, ROWS[0], ROWS[2])
    page.get_by_role("button", name="Reset").click()
    rows_are(page, *ROWS)


def test_rows_fit_a_phone(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".rows-box")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
