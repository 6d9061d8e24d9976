"""Cards and links on sites of others: a plain page under a strict policy, and sites of Sphinx and MkDocs Material."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.axe import barriers
from tests.browser.hosts import host

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A design</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<script type="module" src="{glossary}/embed/hovercards.js" data-terms="{mode}"></script></head><body><main>
<h1>Compaction of orders</h1>
<p id="first">The log compaction keeps the newest record. Compaction runs later; <code>compaction</code> is code.</p>
<p>Read about <a id="own" href="{glossary}/terms/offset/">offsets</a>, or
<a id="old" href="{glossary}/id/{uid}/v/1/">this</a>.</p>
<h2>Again</h2><p id="second">Here compaction is used in another section, with a
<span id="marked" data-term="dead letter queue">DLQ of ours</span>.</p>
<pre>compaction</pre><p contenteditable="true">compaction</p>
</main></body></html>"""
POLICY = "default-src 'none'; script-src {glossary}; connect-src {glossary}; style-src 'self'; img-src data:"


def uid_of(page, slug: str) -> str:
    return page.request.get(f"/api/v1/terms/{slug}").json()["uid"]


@pytest.fixture
def design(live_server, open_page, tmp_path, page):
    """design(mode, **context options) -> a page of another origin that has the script."""
    with host(tmp_path, policy=POLICY.format(glossary=live_server.url)) as address:

        def design(mode: str = "auto", **options):
            text = PAGE.format(glossary=live_server.url, mode=mode, uid=uid_of(page, "retention"))
            (tmp_path / "index.html").write_text(text)
            return open_page(f"{address}/index.html", **options)

        yield design


def card_of(page):
    return page.get_by_role("tooltip")


def test_the_first_use_in_each_section_becomes_a_lasting_link(design, page):
    design = design()
    first = design.locator("#first a")
    expect(first).to_have_text(["log compaction"])
    assert f"/id/{uid_of(page, 'compaction')}/" in first.get_attribute("href")
    expect(design.locator("#second > a")).to_have_text(["compaction"])
    # Headings, code, other people's links and what somebody types are left alone.
    assert design.locator("h1 a, h2 a, code a, pre a, [contenteditable] a").count() == 0
    expect(design.locator("#own")).to_have_text("offsets")


def test_only_what_is_marked_is_linked_where_the_author_wants_it_so(design):
    design = design("marked")
    expect(design.locator("#marked a")).to_have_text("DLQ of ours")
    assert design.locator("#first a").count() == 0


@pytest.mark.parametrize(("link", "label"), [("#own", "offset"), ("#old", "retention"), ("#first a", "compaction")])
def test_a_pointer_that_rests_on_a_link_opens_its_card(design, link, label):
    design = design()
    # Links that are still being made would move the words away from under the pointer.
    expect(design.locator("#second > a")).to_be_visible()
    design.locator(link).hover()
    card = card_of(design)
    expect(card.locator(".label")).to_have_text(label)
    expect(card.locator(".engineer")).to_contain_text("Engineers")
    expect(card.locator(".manager")).to_contain_text("Managers")
    # It stays while the pointer is on it, and goes when it is elsewhere.
    card.hover()
    expect(card).to_be_visible()
    design.mouse.move(1, 1)
    expect(card).to_be_hidden()


def test_the_keyboard_opens_and_closes_it_and_a_screen_reader_is_told(design):
    design = design()
    link = design.locator("#own")
    link.focus()
    card = card_of(design)
    expect(card).to_be_visible()
    expect(link).to_have_accessible_description(card.get_attribute("aria-label"))
    design.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(link).to_be_focused()
    assert link.get_attribute("aria-describedby") is None


def test_a_finger_opens_the_card_first_and_follows_the_link_then(design, live_server):
    design = design(has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    link = design.locator("#own")
    link.tap()
    expect(card_of(design)).to_be_visible()
    box = card_of(design).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    design.locator("h1").tap()
    expect(card_of(design)).to_be_hidden()
    link.tap()
    expect(card_of(design)).to_be_visible()
    link.tap()
    design.wait_for_url(f"{live_server.url}/terms/offset/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_with_the_page_while_a_card_is_open(design, scheme):
    design = design(color_scheme=scheme)
    design.locator("#own").focus()
    expect(card_of(design)).to_be_visible()
    assert barriers(design, options={"rules": {"page-has-heading-one": {"enabled": True}}}) == []


def test_it_leaves_no_global_no_cookie_and_nothing_in_storage(design):
    design = design()
    expect(design.locator("#first a")).to_be_visible()
    bare = design.context.new_page()
    bare.route("**/hovercards.js", lambda route: route.abort())
    bare.goto(design.url)
    names = "() => Object.getOwnPropertyNames(window).filter((name) => !/^\\d+$/.test(name)).sort().join()"
    assert design.evaluate(names) == bare.evaluate(names)
    assert design.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]


def test_a_page_is_as_it_was_where_the_glossary_does_not_answer(design, live_server):
    design = design()
    # An answer that fails is told of in the console by the browser itself.
    with design.context.browser.new_context() as context:
        page = context.new_page()
        failures = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.route("**/embed/words.json", lambda route: route.abort())
        page.goto(design.url)
        page.wait_for_load_state("networkidle")
        assert page.locator("#first a").count() == 0
        assert failures == []


def test_a_huge_page_answers_while_its_words_are_linked(live_server, open_page, tmp_path):
    text = "<p>An event, a log, compaction and an offset of a dead letter queue.</p>" * 25_000
    page = PAGE.format(glossary=live_server.url, mode="auto", uid="bbbbbbbb").replace("<h2>", f"{text}<h2>")
    (tmp_path / "index.html").write_text(page)
    with host(tmp_path) as address:
        huge = open_page(f"{address}/index.html")
        longest = huge.evaluate(
            """() => new Promise((resolve) => {
              let [longest, last] = [0, performance.now()];
              const tick = (now) => {
                [longest, last] = [Math.max(longest, now - last), now];
                if (document.querySelector("#second > a")) resolve(longest);
                else setTimeout(() => tick(performance.now()), 0);
              };
              tick(last);
            })"""
        )
        # Far from how long all of it takes: the page had its turn in between.
        assert huge.locator("#second > a").count() == 1
        assert longest < 1000


def build(*command):
    ran = subprocess.run([sys.executable, "-m", *map(str, command)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_on_a_site_of_sphinx(live_server, open_page, tmp_path):
    script = (
        f'html_js_files = [("{live_server.url}/embed/hovercards.js", {{"type": "module", "data-terms": "auto"}})]\n'
    )
    (tmp_path / "conf.py").write_text(script)
    (tmp_path / "index.rst").write_text(
        "Orders\n======\n\nThe log compaction of a topic, and ``compaction`` as code.\n"
    )
    build("sphinx", "-W", "-q", "-b", "html", tmp_path, tmp_path / "out")
    (tmp_path / "out" / "favicon.ico").touch()
    with host(tmp_path / "out") as address:
        page = open_page(f"{address}/index.html")
        link = page.get_by_role("link", name="log compaction")
        link.hover()
        expect(card_of(page).locator(".label")).to_have_text("compaction")
        assert page.locator("code a").count() == 0


def test_on_a_site_of_mkdocs_material_that_changes_pages_without_loading_them(live_server, open_page, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Orders\n\nThe log compaction of a topic. [Next](next.md)\n")
    (tmp_path / "docs" / "next.md").write_text("# Next\n\nA dead letter queue.\n")
    (tmp_path / "docs" / "terms.js").write_text(
        f'document.head.append(Object.assign(document.createElement("script"), {{ type: "module", '
        f'src: "{live_server.url}/embed/hovercards.js" }}));\n'
        'document.querySelector("head > script:last-of-type").dataset.terms = "auto";\n'
    )
    with host(tmp_path / "out") as address:
        (tmp_path / "mkdocs.yml").write_text(
            f"site_name: Designs\nsite_url: {address}/\nextra_javascript: [terms.js]\n"
            "theme: {name: material, font: false, features: [navigation.instant]}\nplugins: []\n"
        )
        build("mkdocs", "build", "-q", "-f", tmp_path / "mkdocs.yml", "-d", tmp_path / "out")
        page = open_page(f"{address}/")
        expect(page.get_by_role("link", name="log compaction")).to_be_visible()
        page.evaluate("window.isTheSamePage = true")
        page.locator("article").get_by_role("link", name="Next").click()
        link = page.get_by_role("link", name="dead letter queue")
        link.hover()
        expect(card_of(page).locator(".label")).to_have_text("dead letter queue")
        assert page.evaluate("window.isTheSamePage")
