"""The termbase in TBX; a reader of others' making reads it in tests/proof."""

from xml.etree import ElementTree

import pytest

from tests.factories import TermFactory, linked_to

pytestmark = pytest.mark.django_db
TBX = "{urn:iso:std:iso:30042:ed-2}"
ODD = "a \"b\" 'c' <d> & ]]> =1+1 # : 😀 שלום"


def concepts(client, query: str = "") -> dict[str, ElementTree.Element]:
    body = client.get(f"/export/eda.tbx{query}").getvalue()
    termbase = ElementTree.fromstring(body)  # noqa: S314 (a file of ours)
    return {found.get("id"): found for found in termbase.iter(f"{TBX}conceptEntry")}


def said(concept, name: str, kind: str) -> list[str]:
    return [each.text for each in concept.iter(f"{TBX}{name}") if each.get("type") == kind]


def test_a_term_is_a_concept_with_both_definitions_and_whom_they_are_for(client, settings):
    settings.PUBLIC_URL = "https://words.example.org"
    term = TermFactory(label="retention")
    concept = concepts(client)[f"term-{term.uid}"]
    definitions = {
        group.findtext(f"{TBX}note"): group.findtext(f"{TBX}descrip") for group in concept.iter(f"{TBX}descripGrp")
    }
    snapshot = term.current.snapshot
    assert definitions == {f"For {voice}s": snapshot["definitions"][voice].strip() for voice in ("engineer", "manager")}
    assert said(concept, "descrip", "subjectField") == ["Kafka"]
    assert concept.find(f"{TBX}xref").get("target") == f"https://words.example.org/id/{term.uid}/"


def test_spellings_have_their_status_and_their_type(client):
    TermFactory(
        label="dead letter queue",
        aliases=[
            {"text": "DLQ", "kind": "abbreviation"},
            {"text": "dead letter queues", "kind": "inflection"},
            {"text": "ded letter queue", "kind": "misspelling"},
            {"text": "error queue", "kind": "discouraged", "note": "it says too little"},
        ],
    )
    [concept] = concepts(client).values()
    spelled = [
        (section.findtext(f"{TBX}term"), *(note.text for note in section.iter(f"{TBX}termNote")))
        for section in concept.iter(f"{TBX}termSec")
    ]
    assert spelled == [
        ("dead letter queue", "preferredTerm-admn-sts"),
        ("DLQ", "admittedTerm-admn-sts", "abbreviation"),
        ("dead letter queues", "admittedTerm-admn-sts", "variant"),
        ("ded letter queue", "deprecatedTerm-admn-sts"),
        ("error queue", "deprecatedTerm-admn-sts"),
    ]
    assert "it says too little" in [note.text for note in concept.iter(f"{TBX}note")]


def test_references_lead_to_concepts_of_the_file_alone_and_never_to_a_false_friend(client):
    log = TermFactory(label="log")
    archive = TermFactory(label="archive", voice="manager")
    term = TermFactory(
        label="retention", relations=[linked_to(log, "part_of")], mappings=[linked_to(archive, "false_friend")]
    )
    assert said(concepts(client)[f"term-{term.uid}"], "ref", "crossReference") == ["log"]
    assert said(concepts(client, "?slug=retention")[f"term-{term.uid}"], "ref", "crossReference") == []


def test_hostile_words_are_read_back_as_they_were_written(client):
    TermFactory(label="odd", slug="odd", gap=ODD + " " + "x" * 5000)
    [concept] = concepts(client).values()
    assert ODD + " " + "x" * 5000 in [note.text for note in concept.iter(f"{TBX}note")]
