import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.html_diff import html_diff
from glossary.rendering import plain_text, render


class Nesting(HTMLParser):
    """The tags that are open; fails for one that closes another."""

    def __init__(self, html: str):
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def html(markdown: str) -> str:
    return render(markdown, voice="engineer")


def side(compared: str, other_mark: str) -> str:
    """The words of one side, without blanks: what the other side's mark holds is dropped."""
    mine = re.sub(rf"<{other_mark}>.*?</{other_mark}>", "", compared, flags=re.S)
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", mine)))


@pytest.mark.parametrize(
    ("before", "after", "compared"),
    [
        ("The *log* is kept.", "The *log* is lost.", "<p>The <em>log</em> is <del>kept</del><ins>lost</ins>.</p>"),
        ("a", "a\n\nb", "<p>a</p><p><ins>b</ins></p>"),
        ("a\n\nb", "b", "<p><del>a</del></p><p>b</p>"),
        ("* one\n* two", "* one\n* three\n* two", "<ul><li>one</li><li><ins>three</ins></li><li>two</li></ul>"),
        ("word", "**word**", "<p><strong>word</strong></p>"),
        ("a &lt; b", "a < c", "<p>a &lt; <del>b</del><ins>c</ins></p>"),
        ("same", "same", "<p>same</p>"),
        ("", "new", "<p><ins>new</ins></p>"),
        ("quite other words", "nothing alike", "<p><del>quite other words</del><ins>nothing alike</ins></p>"),
    ],
)
def test_words_are_marked_in_the_later_text(before, after, compared):
    assert html_diff(html(before), html(after)) == compared


def test_a_table_gains_a_row_and_stays_a_table():
    head = "| a | b |\n| - | - |\n"
    compared = html_diff(html(head + "| 1 | 2 |"), html(head + "| 1 | 2 |\n| 3 | 4 |"))
    assert compared.count("<tr>") == 3
    assert "<tr><td><ins>3</ins></td><td><ins>4</ins></td></tr>" in compared


BLOCK = st.sampled_from(
    [
        "A line of words.", "Another line of *words*.", "* one\n* two", "* one\n* two\n    * deep", "1. a\n2. b",
        "> said\n> twice", "    code(1)\n    code(2)", "### Head", "| a | b |\n| - | - |\n| 1 | 2 |", "---",
        "[link](https://example.org) & `code`", "x < y & z", "\u00e4\u00f6 **bold *both***",
    ]
)  # fmt: skip
TEXT = st.one_of(st.lists(BLOCK, max_size=6).map("\n\n".join), st.text(max_size=200))


@given(TEXT, TEXT)
def test_what_is_shown_is_well_formed_and_holds_both_texts(before, after):
    before, after = html(before), html(after)
    compared = html_diff(before, after)
    assert Nesting(compared).open == []
    bare = [re.sub(r"\s", "", plain_text(text)) for text in (before, after)]
    assert [side(compared, "ins"), side(compared, "del")] == bare


@given(TEXT)
def test_nothing_is_marked_where_nothing_changed(text):
    compared = html_diff(html(text), html(text))
    assert "<ins>" not in compared
    assert "<del>" not in compared
