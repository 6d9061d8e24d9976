import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.domain.matching import Target
from glossary.rendering import Links, plain_text, render

LOG = Target("lg000000", "log", "engineer")
GROUP = Target("cg000000", "consumer-group", "engineer")
ARCHIVE = Target("rc000000", "archive", "manager")
PROJECTION = Target("pr000000", "projection", "engineer")
FORECAST = Target("fc000000", "projection-manager", "manager")
LINKS = Links(
    {target.slug: target for target in (LOG, GROUP, ARCHIVE, PROJECTION, FORECAST)} | {"journal": LOG},
    [
        ("log", "label", LOG),
        ("ledger", "synonym", LOG),
        ("lgo", "misspelling", LOG),
        ("log file", "discouraged", LOG),
        ("consumer group", "label", GROUP),
        ("archive", "label", ARCHIVE),
        ("projection", "label", PROJECTION),
        ("projection", "label", FORECAST),
    ],
)


def links_in(html):
    return re.findall(r'<a class="term" data-uid="(\w+)" data-term-voice="\w+" href="([^"]+)">([^<]+)</a>', html)


def test_first_use_of_a_term_is_linked_and_later_ones_are_not():
    html = render("A log is a log.", voice="engineer", links=LINKS)
    assert html == (
        '<p>A <a class="term" data-uid="lg000000" data-term-voice="engineer" href="/terms/log/">log</a> is a log.</p>'
    )


def test_explicit_links_carry_their_own_words_and_count_as_first_use():
    html = render("[[log|The ledger]] is a log.", voice="engineer", links=LINKS)
    assert links_in(html) == [("lg000000", "/terms/log/", "The ledger")]


def test_links_by_an_old_slug_lead_to_the_current_one():
    assert links_in(render("[[journal]]", voice="engineer", links=LINKS)) == [("lg000000", "/terms/log/", "journal")]


def test_links_that_lead_nowhere_are_plain_words():
    assert render("[[no-such|words]]", voice="engineer", links=LINKS) == "<p>words</p>"


def test_a_term_does_not_link_to_itself():
    assert links_in(render("A log.", voice="engineer", links=LINKS, own_uid="lg000000")) == []


def test_code_and_links_are_left_alone():
    html = render("`log` and [log](https://example.org/)\n\n    log [[log]]", voice="engineer", links=LINKS)
    assert links_in(html) == []


def test_misspellings_and_discouraged_words_are_never_links():
    assert links_in(render("lgo", voice="engineer", links=LINKS)) == []


def test_each_voice_prefers_its_own_terms():
    assert links_in(render("projection", voice="engineer", links=LINKS))[0][0] == "pr000000"
    assert links_in(render("projection", voice="manager", links=LINKS))[0][0] == "fc000000"


def test_managers_are_led_to_engineer_labels_and_engineers_not_to_everyday_words():
    assert links_in(render("consumer group, ledger", voice="manager", links=LINKS)) == [
        ("cg000000", "/terms/consumer-group/", "consumer group")
    ]
    assert links_in(render("archive", voice="engineer", links=LINKS)) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](//example.org/)",
        "[x](relative)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x]: javascript:alert(1)\n\n[x]",
        "<javascript:alert(1)>",
        "![x](https://example.org/x.png)",
        '[x](https://example.org "onmouseover=alert(1)")',
        "<a href='//example.org' style='position:fixed'>x</a>",
        "<svg><animate onbegin=alert(1)>",
        "[[log|<b onclick=alert(1)>]]",
        "[[log|&lt;script&gt;alert(1)&lt;/script&gt;]]",
        "`</code><script>alert(1)</script>`",
    ],
)
def test_hostile_markdown_is_defused(hostile):
    html = render(hostile, voice="engineer", links=LINKS)
    tags = re.findall(r"<[^>]+>", html)
    assert not re.search(r"<(script|img|svg|b|animate)\b", html)
    assert not any(re.search(r"\s(on\w+|style|src)\s*=", re.sub(r'"[^"]*"', '""', tag)) for tag in tags)
    assert not any(re.search(r'href="(?!https?://|mailto:|/terms/)', tag) for tag in tags)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="[]()<>&;:*_`#-!|\\\"' \n\tajlogscript", max_size=200))
def test_any_text_renders_to_balanced_allowed_tags(text):
    html = render(text, voice="manager", links=LINKS)
    assert "<script" not in html
    opened = []
    for closing, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", html):
        if name in {"br", "hr"}:
            continue
        if closing:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert opened == []


@pytest.mark.parametrize("text", ["[" * 20_000, "![" * 9_000])
def test_text_that_would_take_minutes_is_refused(text):
    with pytest.raises(ValueError, match="square brackets; the most is"):
        render(text, voice="engineer")


@pytest.mark.parametrize(
    "text",
    [">" * 5_000 + " a", "- " * 5_000, "*" * 5_000, "\n".join("  " * depth + "- a" for depth in range(90))],
)
def test_deep_nesting_never_crashes_a_page(text):
    assert render(text, voice="engineer").startswith("<")


def test_plain_text_keeps_words_apart_and_inline_marks_together():
    html = "<p>A <strong>log</strong>.</p><ul><li>off<em>set</em></li><li>key &amp; value</li></ul>"
    assert plain_text(html) == "A log. offset key & value"
