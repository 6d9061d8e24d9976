"""What of a document is prose, format by format: what is masked, and that nothing moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.domain.prose import FORMATS, MASK, masked


def left(text: str, format: str) -> str:
    """The words that are left."""
    return " ".join(masked(text, format).replace(MASK, " ").split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# A heading", "# A heading"),
        ("a [link](https://x.org/event) here", "a [link here"),
        ("a [link][event] here\n\n[event]: https://x.org 'event'", "a [link here"),
        ("an ![event](event.png) image", "an image"),
        ("code `event` and ``a ` event`` end", "code and end"),
        ("an `unclosed tick", "an `unclosed tick"),
        ("```yaml\nevent\n```\nafter", "after"),
        ("~~~\nevent\n```\nevent\n~~~\nafter", "after"),
        ("> ```\n> event\n> ```\n> quoted", "quoted"),
        ("text\n\n    event code\n\nmore", "text more"),
        ("- item\n\n    its event", "- item its event"),
        ("- item\n    - item\n\n      ```\n      event\n      ```\n\n  after", "- item - item after"),
        ("a note[^event]\n\n[^event]: Its text", "a note Its text"),
        ("*[CDC]: event", ""),
        ("<b>kept</b> <code>event</code>", "kept"),
        ("---\ntitle: event\n---\nafter", "after"),
        ("+++\ntitle = 'event'\n+++\nafter", "after"),
        ("before <!-- event\nevent --> after", "before after"),
        ("<span title='event'>kept</span>", "kept"),
        ("see https://x.org/event or www.x.org/event or event@x.org", "see or or"),
        ("order_event and EventStore and “orders-event”", "and and “ ”"),
        ("**bold** and _leaning_ event", "bold and leaning event"),
    ],
)
def test_markdown(text, words):
    assert left(text, "markdown") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Title\n=====\n\nText", "Title Text"),
        ("A ``literal event`` here", "A here"),
        ("A :term:`event` role", "A event role"),
        ("A :ref:`page <event>` and :issue:`event`", "A page and"),
        ("A `link text <https://x.org/event>`_ here", "A link text here"),
        (".. code-block:: python\n\n   event()\n\nAfter", "After"),
        (".. note:: An event\n   kept\n\n   Kept prose", "An event kept Kept prose"),
        (".. container:: event\n\n   Kept prose", "Kept prose"),
        (".. list-table:: Kept\n   :widths: auto\n\n   * - Kept prose", "Kept auto - Kept prose"),
        (".. [#event] A footnote\n   goes on", "A footnote goes on"),
        (".. a comment about event\n   that goes on\n\nAfter", "After"),
        ("An example::\n\n   event code\n\nAfter", "An example:: After"),
        (":author: somebody", "somebody"),
    ],
)
def test_restructured_text(text, words):
    assert left(text, "rst") == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= Title\n:toc: event\n\nText", "= Title Text"),
        ("[source,java]\n----\nevent();\n----\nAfter", "After"),
        ("....\nevent\n....\nAfter", "After"),
        ("////\nevent\n////\n// event\nAfter", "After"),
        ("Code `event` here", "Code here"),
        ("A link:event.html[kept text] here", "A kept text here"),
        ("See https://x.org/event[the page]", "See the page"),
        ("See <<event,the section>>", "See the section"),
        ("image::event.png[event]\nAfter", "After"),
    ],
)
def test_asciidoc(text, words):
    assert left(text, "asciidoc") == words


def test_a_plain_text_keeps_all_but_addresses_and_names():
    assert left("# event `event` https://x.org/event order_event", "text") == "# event `event`"
    assert (
        left("see /var/log/event.log, ./event/log or #event, and/or event/log", "text") == "see , or , and/or event/log"
    )


def test_a_phrase_goes_on_in_the_next_line_of_what_a_mail_answers():
    assert left("> dead letter\n> queue", "text") == "dead letter queue"


@pytest.mark.parametrize("format", sorted(FORMATS))
@pytest.mark.parametrize(
    "unit",
    ["[", "[^", "![", "](", "> ", " ", "\t", "<", "<code>", "`", "`` ", "*", "_", "#a", "/a", ":a:`", "|a", "{a", "<<"],
)
def test_a_long_line_of_what_opens_and_never_closes_takes_time_in_proportion(format, unit):
    # In proportion to its square this would take minutes.
    assert len(masked(unit * 100_000, format)) == len(unit) * 100_000


def test_no_phrase_goes_on_from_a_heading_or_over_code():
    assert "\n" not in masked("# dead letter\nqueue", "markdown")
    assert "dead letter" in masked("dead letter\nqueue", "markdown")
    assert masked("dead `letter` queue", "markdown") == f"dead {MASK * 8} queue"


@given(
    st.text(alphabet=st.sampled_from("ab \n`~#*_[](){}<>!-=.:/+|\"'") | st.characters()),
    st.sampled_from(sorted(FORMATS)),
)
def test_nothing_moves_and_nothing_is_added(text, format):
    found = masked(text, format)
    assert len(found) == len(text)
    assert all(now in (before, MASK, " ") for now, before in zip(found, text, strict=True))
