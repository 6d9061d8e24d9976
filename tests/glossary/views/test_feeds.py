"""Atom feeds, read by a feed reader."""

import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import feedparser
import pytest
from django.utils import timezone

from glossary.services import retiring
from glossary.services.publishing import publish_term
from tests.factories import FIRST_DAY, TermFactory, UserFactory

ADDRESSES = ["/feeds/changes.atom", "/feeds/meaning.atom", "/feeds/terms/compaction.atom"]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def term():
    edits = [{"gap": "Clearer.", "change": "wording"}, {"gap": "Truer.", "change": "meaning"}]
    return TermFactory(label="compaction", slug="compaction", edits=edits)


def read(response):
    parsed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def titles(response) -> list[str]:
    return [entry.title for entry in read(response).entries]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_is_valid_atom(client, term, address):
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    parsed = read(response)
    assert parsed.version == "atom10"
    root = ElementTree.fromstring(response.content)  # noqa: S314 – our own feed
    for element in [root, *root.findall(f"{ATOM}entry")]:
        for required in ("id", "title", "updated"):
            assert len(element.findall(ATOM + required)) == 1
    ids = [found.text for found in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Eventually Consistent"
    assert parsed.feed.links[-1].href == f"http://glossary.test{address}"


def test_feeds_say_what_changed_newest_first(client, term):
    new, wording, meaning = (
        "compaction: new (v1)",
        "compaction: wording changed (v2)",
        "compaction: meaning changed (v3)",
    )
    assert titles(client.get("/feeds/changes.atom")) == [meaning, wording, new]
    assert titles(client.get("/feeds/meaning.atom")) == [meaning, new]
    TermFactory(label="another")
    assert titles(client.get("/feeds/terms/compaction.atom")) == [meaning, wording, new]


def test_an_entry_leads_to_its_revision_for_ever(client, term):
    entry = read(client.get("/feeds/changes.atom")).entries[0]
    assert entry.id == entry.link == f"http://glossary.test/id/{term.uid}/v/3/"
    assert entry.updated_parsed[:3] == (FIRST_DAY + timedelta(days=80)).timetuple()[:3]
    assert [tag.term for tag in entry.tags] == ["meaning"]


def test_what_becomes_of_a_term_is_told_in_every_feed(client, term):
    other = TermFactory(label="cleaning")
    retiring.retire_term(term=term, replaced_by=other)
    for address in ADDRESSES:
        entry = read(client.get(address)).entries[0]
        assert (entry.title, entry.summary) == ("compaction: retired", "<p>Say cleaning instead.</p>")
        assert entry.id.startswith(f"http://glossary.test/id/{term.uid}/#retired-")


def test_nobodys_name_is_in_a_feed(client, term):
    author = UserFactory(curator=True, username="ada", display_name="Ada Lovelace")
    publish_term(snapshot=term.current.snapshot | {"gap": "Mine."}, by=author, note="Because.")
    for address in ADDRESSES:
        text = client.get(address).content.decode().lower()
        assert "because." in text
        assert "ada" not in text
        assert "lovelace" not in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_that_did_not_change_answers_304(client, term, address):
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    publish_term(snapshot=term.current.snapshot | {"gap": "Newer."}, at=timezone.now())
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200


def test_an_old_slugs_feed_leads_on_and_keeps_its_id(client, term):
    before = read(client.get("/feeds/terms/compaction.atom")).feed.id
    publish_term(snapshot=term.current.snapshot | {"slug": "log-compaction"}, change="wording")
    response = client.get("/feeds/terms/compaction.atom")
    assert (response.status_code, response["Location"]) == (301, "/feeds/terms/log-compaction.atom")
    assert read(client.get(response["Location"])).feed.id == before
    assert client.get("/feeds/terms/nothing.atom").status_code == 404


def test_markup_and_ampersands_survive(client):
    TermFactory(label="R&D <log>", slug="rd", lines={"engineer": "a < b & c", "manager": 'it\'s "it"'})
    entry = read(client.get("/feeds/changes.atom")).entries[0]
    assert entry.title_detail.value in ("R&D <log>: new (v1)", "R&amp;D &lt;log&gt;: new (v1)")
    assert "a &lt; b &amp; c" in entry.summary


def test_a_feed_without_entries_is_valid_and_stays_the_same(client):
    first, second = client.get("/feeds/changes.atom"), client.get("/feeds/changes.atom")
    assert read(first).entries == []
    assert first.content == second.content


def test_feeds_are_linked_from_pages(client, term):
    page = client.get("/terms/compaction/").content.decode()
    for address in ("/feeds/changes.atom", "/feeds/terms/compaction.atom"):
        assert f'href="{address}"' in page
