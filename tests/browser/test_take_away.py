"""Taking a step elsewhere: as a picture, and as a test case."""

import json

import pytest
from playwright.sync_api import expect

FIGURE = "/simulator/compaction/"


@pytest.fixture
def dialog(open_page):
    page = open_page(FIGURE, permissions=["clipboard-read", "clipboard-write"])
    page.locator("figure[data-ready]").press("ArrowRight")
    page.get_by_role("button", name="save or copy").click()
    dialog = page.get_by_role("dialog", name="Save or copy")
    expect(dialog).to_be_visible()
    return dialog


def saved(dialog, name: str):
    with dialog.page.expect_download() as download:
        dialog.get_by_role("button", name=name).click()
    expect(dialog.get_by_role("status")).to_have_text("Saved.")
    return download.value


def test_the_step_is_saved_as_svg_with_what_it_says_and_its_address(dialog):
    said = dialog.page.locator(".narration .engineer span").inner_text()
    download = saved(dialog, "Save picture as SVG")
    assert download.suggested_filename == "compaction-step-18.svg"
    svg = download.path().read_text()
    assert svg.startswith("<svg ")
    assert said.split()[0] in svg
    assert f"{FIGURE}#v=1&amp;f=compaction&amp;s=18" in svg


def test_the_step_is_saved_as_png_at_twice_the_size(dialog):
    content = saved(dialog, "Save picture as PNG").path().read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20]) == 1920


def test_the_run_is_copied_as_what_the_engine_simulates(dialog, engine):
    dialog.get_by_role("button", name="Copy as test case").click()
    expect(dialog.get_by_role("status")).to_have_text("Copied.")
    case = json.loads(dialog.page.evaluate("navigator.clipboard.readText()"))
    run = engine.simulate(case)
    assert run["problems"] == []
    assert run["length"] == int(dialog.page.locator("figure input[type=range]").get_attribute("max"))
    assert run["params"]["segmentRecords"] == 5


def test_the_dialog_is_left_by_keyboard_and_the_figure_has_the_focus_again(dialog):
    dialog.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(dialog.page.locator("figure[data-ready]")).to_be_focused()
