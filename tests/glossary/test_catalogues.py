"""What data catalogues read, as tables and YAML; the catalogues' own models read it in tests/proof."""

import csv
import io

import pytest
import yaml

from tests.factories import CategoryFactory, TermFactory, linked_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings):
    settings.PUBLIC_URL = "https://words.example.org"
    settings.GLOSSARY_TITLE = "Words 2.0"


def body(client, address: str) -> str:
    return client.get(address).getvalue().decode()


def items(cell: str) -> list[str]:
    """A list of OpenMetadata: apart by semicolons, quoted where need be."""
    return next(csv.reader(io.StringIO(cell, newline=""), delimiter=";")) if cell else []


def test_a_row_of_openmetadata_carries_both_voices_and_typed_links(client):
    log = TermFactory(label="log")
    archive = TermFactory(label="archive", voice="manager")
    term = TermFactory(
        label="retention",
        aliases=[{"text": 'keeping; "for good"', "kind": "synonym"}, {"text": "retension", "kind": "misspelling"}],
        relations=[linked_to(log, "part_of")],
        mappings=[linked_to(archive, "close")],
        sources=[{"title": "Kafka; the docs", "url": "https://kafka.apache.org/"}],
    )
    rows = {row["name*"]: row for row in csv.DictReader(io.StringIO(body(client, "/export/openmetadata.csv")))}
    row = rows["retention"]
    assert row["displayName"] == "retention"
    assert items(row["synonyms"]) == ['keeping; "for good"']
    assert row["relatedTerms"] == 'partOf:"Words 2.0".log;relatedTo:"Words 2.0".archive'
    assert items(row["references"]) == ["Kafka; the docs", "https://kafka.apache.org/"]
    extension = dict(item.split(":", 1) for item in items(row["extension"]))
    assert extension["uid"] == term.uid
    for voice in ("engineer", "manager"):
        assert extension[f"definition_{voice}"] == term.current.snapshot["definitions"][voice].strip()


def test_of_two_related_terms_the_lower_row_of_openmetadata_names_the_other(client):
    topic = TermFactory(label="topic")
    TermFactory(label="log", relations=[linked_to(topic, "part_of")])
    rows = {row["name*"]: row for row in csv.DictReader(io.StringIO(body(client, "/export/openmetadata.csv")))}
    assert rows["log"]["relatedTerms"] == ""
    assert rows["topic"]["relatedTerms"] == 'hasPart:"Words 2.0".log'


def test_a_false_friend_is_linked_in_no_catalogue(client):
    archive = TermFactory(label="archive", voice="manager")
    term = TermFactory(label="compaction", mappings=[linked_to(archive, "false_friend")])
    rows = {row["name*"]: row for row in csv.DictReader(io.StringIO(body(client, "/export/openmetadata.csv")))}
    assert rows["compaction"]["relatedTerms"] == ""
    assert "related_terms" not in terms_of_datahub(client)[term.uid]


def test_a_selection_names_no_term_outside_of_it(client):
    log = TermFactory(label="log")
    TermFactory(label="retention", relations=[linked_to(log, "part_of")])
    [row] = csv.DictReader(io.StringIO(body(client, "/export/openmetadata.csv?slug=retention")))
    assert row["relatedTerms"] == ""


def test_datahub_has_categories_as_nodes_and_terms_by_uid(client):
    CategoryFactory(slug="empty", label="Nothing: yet")
    log = TermFactory(label="log")
    term = TermFactory(label='re"tention', slug="retention", relations=[linked_to(log, "broader")])
    glossary = yaml.safe_load(body(client, "/export/datahub.yml"))
    assert glossary["version"] == "1"
    nodes = {node["id"]: node for node in glossary["nodes"]}
    assert nodes["empty"]["terms"] is None
    found = terms_of_datahub(client)[term.uid]
    assert found["name"] == 're"tention'
    assert found["inherits"] == [log.uid]
    assert found["custom_properties"]["for managers"]


def terms_of_datahub(client) -> dict[str, dict]:
    nodes = yaml.safe_load(body(client, "/export/datahub.yml"))["nodes"]
    return {term["id"]: term for node in nodes for term in node["terms"] or []}


@pytest.mark.parametrize(("query", "has_domains"), [("", False), ("?domains=1", True), ("?domains=0", False)])
def test_openmetadatas_newest_column_is_there_for_whom_asks(client, query, has_domains):
    TermFactory(label="log")
    header, row = csv.reader(io.StringIO(body(client, f"/export/openmetadata.csv{query}"), newline=""))
    assert ("domains" in header) is has_domains
    assert len(row) == len(header)
    assert dict(zip(header, row, strict=True))["extension"].startswith("uid:")
