"""Every kind of page in a browser: by its look, by keyboard, without JavaScript, and for those who do not see it."""

import re
import threading
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from glossary import search
from tests.browser.axe import barriers, barriers_in_both_schemes

PAGES = {
    "home": "/",
    "dictionary": "/terms/?voice=engineer",
    "engineer term": "/terms/log/",
    "manager term": "/terms/audit-trail/",
    "pinned": "/terms/log/v/1/",
    "compare": "/compare/log/audit-trail/",
    "map": "/map/",
    "check": "/check/",
    "api": "/api/v1/docs",
    "search": "/search/?q=projection",
    "no hit": "/search/?q=xyzzyplugh",
    "workbench": "/simulator/",
    "free figure": "/simulator/?model=append_log&log=orders",
    "scenario": "/simulator/log/",
    "fidelity": "/simulator/fidelity/",
    "embed": "/embed/log/",
}
WIDE, PHONE, SMALLEST, LARGEST = ({"width": width, "height": 800} for width in (1280, 390, 360, 1920))


# Where each page is opened, and how much narrower or wider its window becomes then.
WINDOWS = {"wide": (WIDE, LARGEST), "phone": (PHONE, SMALLEST)}
SHIFT = """() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
      .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
})"""


class Visit(NamedTuple):
    """What was noticed of a page in one window: all that follows is told of one and the same visit."""

    barriers: list[tuple]
    sticking_out: list[int]
    shift: float
    cookies: list
    asked: list[str]


@pytest.fixture(scope="module")
def visits() -> dict[tuple, Visit]:
    return {}


@pytest.fixture(params=[(name, window) for name in PAGES for window in WINDOWS], ids="-".join)
def visit(request, open_page, visits) -> Visit:
    name, window = request.param
    if request.param not in visits:
        viewport, other = WINDOWS[window]
        page = open_page("/healthz", viewport=viewport, reduced_motion="reduce")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        assert page.goto(PAGES[name]).status == 200
        if page.locator("figure[data-scenario]").count():
            expect(page.locator("figure[data-scenario]").first).to_have_attribute("data-ready", "")
        shift, cookies = page.evaluate(SHIFT), page.context.cookies()
        found, sticking_out = barriers_in_both_schemes(page), []
        for size in (viewport, other):
            page.set_viewport_size(size)
            if page.evaluate("document.documentElement.scrollWidth") != size["width"]:
                sticking_out.append(size["width"])
        visits[request.param] = Visit(found, sticking_out, shift, cookies, asked)
    return visits[request.param]


def test_no_page_has_a_barrier(visit):
    assert visit.barriers == []


def test_nothing_sticks_out_of_the_page(visit):
    assert visit.sticking_out == []


def test_nothing_moves_while_a_page_comes_up(visit):
    assert visit.shift < 0.05


def test_a_page_sets_no_cookie_and_asks_no_other_site(visit, live_server):
    assert visit.cookies == []
    assert visit.asked
    assert [url for url in visit.asked if not url.startswith(live_server.url)] == []


def test_the_page_that_is_not_there_has_no_barrier(open_page):
    page = open_page("/terms/comapction/", expected=404)
    assert barriers(page) == []
    expect(page.get_by_role("link", name="compaction")).to_be_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_without_javascript(open_page, name):
    page = open_page(PAGES[name], java_script_enabled=False)
    expect(page.locator("h1")).to_have_count(1)
    assert len(page.locator("main").inner_text()) > 60


def test_a_figure_without_javascript_tells_its_log_and_its_claims(open_page):
    page = open_page("/terms/log/", java_script_enabled=False)
    expect(page.locator("figure table")).to_be_visible()
    expect(page.locator("figure .question, figure .figure-text").first).to_be_visible()


def test_search_works_without_javascript(open_page):
    page = open_page("/", java_script_enabled=False)
    page.get_by_label("Find a word from either side").fill("comapction")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="compaction").get_by_role("link").click()
    expect(page.locator("h1")).to_have_text("compaction")


# --- search by keyboard


def search_box(page):
    return page.get_by_role("combobox", name="Find a word from either side")


def test_a_reader_finds_a_term_by_keyboard_alone(open_page):
    page = open_page("/terms/log/")
    box = search_box(page)
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("evnet sourcing")
    option = page.get_by_role("option", name="event sourcing").first
    expect(option).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("event sourcing")


def test_typing_on_while_the_panel_is_fetched_ends_with_the_last_words(open_page, monkeypatch):
    page = open_page("/terms/log/")
    typed_on = threading.Event()
    find = search.find

    def find_slowly(*args, **kwargs):
        typed_on.wait(10)
        return find(*args, **kwargs)

    monkeypatch.setattr(search, "find", find_slowly)
    with page.expect_request(lambda request: "hx-request" in request.headers):
        search_box(page).press_sequentially("audit")
    search_box(page).press_sequentially(" trail", delay=60)
    expect(search_box(page)).to_have_value("audit trail")
    with page.expect_request(lambda request: "trail" in request.url):
        typed_on.set()
    expect(page.get_by_role("option", name="audit trail").first).to_be_visible()


def test_escape_closes_the_options_and_arrows_open_them_again(open_page):
    page = open_page("/")
    box = search_box(page)
    box.fill("log")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_be_focused()
    expect(box).to_have_value("log")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("listbox").get_by_role("option").last).to_have_attribute("aria-selected", "true")


def test_enter_without_a_chosen_option_goes_to_all_results(open_page):
    page = open_page("/")
    search_box(page).fill("audit trail")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("“audit trail”")


def test_a_slash_in_a_field_is_a_slash(open_page):
    page = open_page("/")
    search_box(page).press_sequentially("a/b")
    expect(search_box(page)).to_have_value("a/b")


def test_the_open_options_have_no_barrier(open_page):
    page = open_page("/terms/")
    search_box(page).fill("event")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert barriers(page) == []


def test_the_first_tab_skips_to_the_text(open_page):
    page = open_page("/terms/log/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


# --- cards over links


def test_a_card_shows_over_a_link_and_stays_while_the_pointer_is_on_it(open_page):
    page = open_page("/terms/log/", viewport=WIDE)
    link, card = page.locator(".side a.term").first, page.get_by_role("tooltip")
    link.hover()
    expect(card).to_be_visible()
    expect(card).to_contain_text("Engineers")
    expect(link).to_have_attribute("aria-describedby", "card")
    card.hover()
    page.wait_for_timeout(500)
    expect(card).to_be_visible()
    page.locator("h1").hover()
    expect(card).to_be_hidden()


def test_a_card_shows_on_focus_and_goes_by_escape(open_page):
    page = open_page("/terms/log/", viewport=WIDE)
    link, card = page.locator(".side a.term").first, page.get_by_role("tooltip")
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(link).to_be_focused()


def test_by_touch_the_first_tap_shows_the_card_and_the_second_follows_the_link(open_page):
    page = open_page("/terms/log/", viewport=PHONE, has_touch=True, is_mobile=True)
    link = page.locator(".side a.term").first
    target = link.get_attribute("href")
    link.tap()
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert page.url.endswith("/terms/log/")
    link.tap()
    page.wait_for_url(f"**{target}")


# --- voices


def test_on_a_phone_the_voice_switch_leads_to_a_voice_and_remembers_it(open_page):
    page = open_page("/terms/log/", viewport=PHONE)
    switch = page.get_by_role("navigation", name="Voice")
    switch.get_by_role("link", name="Managers say").click()
    expect(page.locator("#manager")).to_be_in_viewport()
    assert page.url.endswith("/terms/log/#manager")
    page.goto("/terms/event/")
    expect(switch.get_by_role("link", name="Managers say")).to_have_attribute("aria-current", "true")
    manager, engineer = (page.locator(f"#{voice}").bounding_box()["y"] for voice in ("manager", "engineer"))
    assert manager < engineer


def test_a_shared_address_opens_in_the_voice_in_which_it_was_shared(open_page):
    page = open_page("/terms/log/#manager", viewport=PHONE)
    expect(page.locator("[data-choose=manager]")).to_have_attribute("aria-current", "true")
    expect(page.locator("#manager")).to_be_in_viewport()


def test_on_a_wide_page_the_voices_face_each_other(open_page):
    page = open_page("/terms/log/", viewport=WIDE)
    engineer, gap, manager = (page.locator(f"#{name}").bounding_box() for name in ("engineer", "gap", "manager"))
    assert engineer["y"] == gap["y"] == manager["y"]
    assert engineer["x"] < gap["x"] < manager["x"]
    assert abs(engineer["width"] - manager["width"]) < 2
    expect(page.locator(".voice-switch")).to_be_hidden()


# --- the rest


def test_a_citation_is_copied(open_page):
    page = open_page("/terms/log/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("[log](")


def test_the_map_shows_what_a_word_is_tied_to(open_page):
    page = open_page("/map/")
    page.locator("svg [data-node=log]").focus()
    expect(page.locator("svg path.is-tied").first).to_be_attached()
    tied = page.locator("svg a.is-tied").evaluate_all("nodes => nodes.map((node) => node.dataset.node)")
    assert {"log", "audit-trail"} <= set(tied)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("log")


def test_a_printed_term_is_the_term_alone(open_page):
    page = open_page("/terms/log/", viewport=WIDE)
    page.emulate_media(media="print")
    for kept in ("h1", "#engineer", "#gap", "#manager", "#mappings", "#sources"):
        expect(page.locator(kept)).to_be_visible()
    for left_out in (".bar", ".foot", ".margin", ".figure", ".in-code", ".citations .copy >> nth=0"):
        expect(page.locator(left_out)).to_be_hidden()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1


@pytest.mark.parametrize("name", ["home", "dictionary", "engineer term", "search", "map"])
def test_targets_are_large_enough_for_a_finger(open_page, name):
    page = open_page(PAGES[name], viewport=PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll("header a, footer nav a, nav.filters a, .voice-switch a, #q, .copy")]
            .filter((node) => node.checkVisibility())
            .map((node) => [node.textContent.trim(), node.getBoundingClientRect().height])
            .filter(([, height]) => height < 43.5)"""
    )
    assert small == []
