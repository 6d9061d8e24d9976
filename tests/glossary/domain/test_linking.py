"""Links in a Markdown document at the first use of each term."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from glossary.domain import linking
from glossary.domain.linking import with_links


class Use(NamedTuple):
    term: str
    start: int
    end: int
    matched: str


def uses(text: str, *terms: str) -> list[Use]:
    found = [
        Use(term, at, at + len(term), term) for term in terms for at in range(len(text)) if text.startswith(term, at)
    ]
    return sorted(found, key=lambda use: use.start)


def linked(text: str, *terms: str) -> str:
    return with_links(text, uses(text, *terms), lambda use: f"/{use.term}")


def test_the_first_use_of_each_term_is_a_link():
    assert linked("a log, a topic, a log", "log", "topic") == "a [log](/log), a [topic](/topic), a log"


def test_headings_and_links_stay_as_they_are():
    assert linked("# log\n\nlog", "log") == "# log\n\n[log](/log)"
    assert linked("log\n===\n\nlog", "log") == "log\n===\n\n[log](/log)"
    assert linked("[the log](x) and log", "log") == "[the log](x) and [log](/log)"


def test_a_phrase_over_two_lines_becomes_one_link():
    text = "a dead\nletter here"
    use = Use("dead letter", 2, 13, "dead\nletter")
    assert with_links(text, [use], lambda use: "/x") == "a [dead letter](/x) here"


@given(st.text(alphabet="lo g[]()#\n=-"))
def test_nothing_but_links_is_added(text):
    assert linked(text, "log").replace("[log](/log)", "log") == text.replace("[log](/log)", "log")


def test_a_line_is_looked_at_once_however_many_of_its_words_may_be_no_links(monkeypatch):
    looked_at = []

    class Counting:
        def match(self, text, begins):
            looked_at.append(begins)
            return None

    monkeypatch.setattr(linking, "HEADING", Counting())
    text = "[log](x) " * 1_000 + "\n" + "log " * 10
    assert linked(text, "log").endswith("\n[log](/log) " + "log " * 9)
    assert looked_at == [0, 9_001]
