"""A figure as an element of another site's page."""

import pytest
from playwright.sync_api import expect

from tests.browser.hosts import host

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A design</title>
<link rel="icon" href="data:,">
<script type="module" src="{glossary}/embed/simulator.js"></script></head><body><main><h1>A design</h1>
<event-log-simulator {attributes}><a href="{glossary}/simulator/partition/">Partitions, live</a></event-log-simulator>
</main></body></html>"""
POLICY = "default-src 'none'; script-src {glossary}; frame-src {glossary}; img-src data:; style-src 'self'"


@pytest.fixture
def design(live_server, open_page, tmp_path):
    """design(attributes, **context options) -> a page of another origin with the element."""
    with host(tmp_path, policy=POLICY.format(glossary=live_server.url)) as address:

        def design(attributes: str, **options):
            (tmp_path / "index.html").write_text(PAGE.format(glossary=live_server.url, attributes=attributes))
            return open_page(f"{address}/index.html", **options)

        yield design


def test_the_element_shows_the_figure_and_is_as_tall_as_it(design):
    page = design('scenario="partition"')
    frame = page.frame_locator("event-log-simulator iframe")
    expect(frame.locator("figure[data-ready]")).to_be_visible()
    iframe = page.locator("event-log-simulator iframe")
    expect(iframe).to_have_attribute("title", "Partitions, live")
    inner = frame.locator("html")
    page.wait_for_function(
        "() => document.querySelector('event-log-simulator').shadowRoot.querySelector('iframe').height !== '640'"
    )
    assert inner.evaluate("root => root.scrollHeight <= innerHeight + 1")


def test_a_state_is_shown_and_changes_with_its_attribute(design):
    page = design('scenario="partition" state="v=1&amp;f=partition&amp;s=3"')
    scrubber = page.frame_locator("event-log-simulator iframe").locator("figure[data-ready] input[type=range]")
    expect(scrubber).to_have_value("3")
    page.evaluate("document.querySelector('event-log-simulator').setAttribute('state', '#v=1&f=partition&s=5')")
    expect(scrubber).to_have_value("5")


def test_an_address_names_the_figure_as_well(design, live_server):
    page = design(f'src="{live_server.url}/embed/compaction/" title="The cleaner"')
    expect(page.frame_locator("iframe[title='The cleaner']").locator("figure[data-ready]")).to_be_visible()


@pytest.mark.parametrize("attributes", ["", 'src="javascript:alert(1)"'])
def test_without_a_figure_what_stands_in_the_element_is_shown(design, attributes):
    page = design(attributes)
    expect(page.get_by_role("link", name="Partitions, live")).to_be_visible()
    assert page.locator("event-log-simulator iframe").count() == 0


def test_without_scripts_there_is_a_link(design):
    page = design('scenario="partition"', java_script_enabled=False)
    expect(page.get_by_role("link", name="Partitions, live")).to_be_visible()


def test_nobody_but_the_figure_says_how_tall_it_is(design):
    page = design('scenario="partition"')
    expect(page.frame_locator("event-log-simulator iframe").locator("figure[data-ready]")).to_be_visible()
    page.evaluate("""() => new Promise((done) => {
      addEventListener("message", ({ data }) => data.height === 4321 && done());
      postMessage({ type: "event-log-simulator.resized", height: 4321 }, "*");
    })""")
    assert page.locator("event-log-simulator iframe").get_attribute("height") != "4321"
