"""Which addresses of the web are kept."""

import pytest

from glossary.domain.addresses import problem_of, tidied


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" HTTPS://Git.Example.org/Docs/A.md#top ", "https://git.example.org/Docs/A.md"),
        ("https://git.example.org/?b=1", "https://git.example.org/?b=1"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_one_document_has_one_address(given, kept):
    assert tidied(given) == kept


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("javascript:alert(1)", "begins with https:// or http://"),
        ("JaVaScRiPt://example.org/%0aalert(1)", "begins with https:// or http://"),
        ("data:text/html,x", "begins with"),
        ("/docs/a.md", "begins with"),
        ("", "begins with"),
        ("https://", "begins with"),
        ("https://example.org:99999/", "begins with"),
        ("http://[::1", "begins with"),
        ("https://ada:secret@example.org/", "a name or a password"),
        ("https://example.org/a b", "spaces"),
        ("https://example.org/\x00", "control characters"),
        ("https://example.org/" + "a" * 481, "at most 500"),
    ],
)
def test_what_is_no_address_of_the_web_is_told_why(given, told):
    assert told in problem_of(given)


def test_an_address_of_the_web_is_well():
    assert problem_of("https://git.example.org:8443/orders/docs/ünïcode.md?plain=1") == ""
    assert "begins with https://." in problem_of("http://example.org/", schemes=("https",))
