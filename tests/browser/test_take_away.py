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


@pytest.mark.parametrize("scenario", ["compaction", "saga", "windowing", "consumer-group"])
def test_the_server_draws_what_the_browser_saves(open_page, live_server, settings, scenario):
    settings.PUBLIC_URL = live_server.url
    fragment = f"v=1&f={scenario}&s=7&w=manager"
    page = open_page(f"/simulator/{scenario}/#{fragment}")
    page.locator("figure[data-ready]").wait_for()
    page.get_by_role("button", name="save or copy").click()
    dialog = page.get_by_role("dialog", name="Save or copy")
    saved_here = saved(dialog, "Save picture as SVG").path().read_text()
    assert f"{fragment.replace('&', '&amp;')}" in saved_here
    answer = page.request.get(f"/embed/{scenario}.svg", params={"state": fragment})
    assert answer.text() == saved_here


def test_a_picture_s_address_is_copied_as_markdown_that_leads_to_the_step(dialog):
    dialog.get_by_role("button", name="Copy picture’s address").click()
    expect(dialog.get_by_role("status")).to_have_text("Copied.")
    copied = dialog.page.evaluate("navigator.clipboard.readText()")
    image, page = copied.partition("](<")[2].split(">)](<")
    assert page.endswith(f"{FIGURE}#v=1&f=compaction&s=18>)")
    answer = dialog.page.request.get(image)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "s=18" in answer.text()
