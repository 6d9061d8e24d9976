"""The shipped dictionary keeps the promises that a term's page makes."""

import re
from functools import cache

import pytest
from django.conf import settings

from glossary.domain.vocabulary import INVERSE, VOICES
from glossary.rendering import plain_text, render
from glossary.services.reading_files import read_folders
from simulator import catalogue
from tests import shipped

LENGTHS = {"engineer": (60, 150), "manager": (50, 120), "gap": (30, 80)}
LONGEST_SENTENCE = 24
MUST_EXIST = {
    "engineer": """event-driven architecture, event, domain event, command, message, log, stream, state, event sourcing,
        command sourcing, projection, aggregation, hydration, replay, command query separation, CQRS, read model,
        write model, eventual consistency, orchestration, choreography, Kafka, message bus, topic, partition, producer,
        consumer, compaction, retention, exactly-once semantics, REST API, microservices architecture, RDBMS,
        in-memory state store, eventify, greenfield, bike-shedding, query, event notification,
        event-carried state transfer, event store, aggregate, snapshot, upcasting, materialised view, read-your-writes,
        saga, compensating action, transactional outbox, dual write, dead letter queue, idempotence, process manager,
        message key, consumer group, offset, consumer lag, rebalance, tombstone, segment, at-least-once delivery,
        at-most-once delivery, transaction marker, stream–table duality, windowing, schema registry,
        change data capture, brownfield, bounded context, ubiquitous language, over-engineering""",
    "manager": """single source of truth, audit trail, real time, event backbone, data pipeline, dashboard, projection,
        transaction, workflow, process owner, autonomous teams, instruction, fact, notification, going back in time,
        archive, clean-up, right to be forgotten, guaranteed delivery, no duplicates, data freshness, out of sync,
        backlog, exceptions queue, reversal, integration platform, digital transformation, scalability,
        vendor lock-in, common language""",
}


@cache
def content():
    return read_folders(settings.CONTENT_DIRS[:1])


def slugs(kind):
    folder = settings.CONTENT_DIRS[0] / kind
    return sorted(path.stem for path in folder.iterdir())


@cache
def by_slug(kind):
    return {source.slug: source.data for source in getattr(content(), kind)}


def words_of(text, voice):
    linked = re.sub(r"\[\[([^\[\]|]+)\|([^\[\]]+)\]\]", r"\2", text)
    linked = re.sub(r"\[\[([^\[\]|]+)\]\]", lambda match: match.group(1).replace("-", " "), linked)
    return plain_text(render(linked, voice=voice))


@pytest.mark.parametrize("voice", VOICES)
def test_every_term_that_was_promised_is_there(voice):
    labels = {data["label"] for data in by_slug("terms").values() if data["voice"] == voice}
    assert {" ".join(label.split()) for label in MUST_EXIST[voice].split(",")} - labels == set()


@pytest.mark.parametrize("slug", slugs("terms"))
def test_texts_are_as_long_as_they_should_be(slug):
    data = by_slug("terms")[slug]
    texts = {voice: data["definitions"][voice] for voice in VOICES} | {"gap": data["gap"]}
    for name, text in texts.items():
        fewest, most = LENGTHS[name]
        count = len(words_of(text, data["voice"]).split())
        assert fewest <= count <= most, f"{name} has {count} words"
    for voice in VOICES:
        assert len(data["lines"][voice]) < 140
        assert not re.search(r"[\[\]*_`]{2}|\]\(", data["lines"][voice]), "a line is plain text"


@pytest.mark.parametrize("slug", slugs("terms"))
def test_sentences_are_short_enough_to_be_read_once(slug):
    data = by_slug("terms")[slug]
    for text in (*data["definitions"].values(), data["gap"]):
        for paragraph in text.split("\n"):
            for sentence in re.split(r"(?<=[.!?])[”’\")]*\s+(?=[A-Z“‘`(])", words_of(paragraph, data["voice"])):
                assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


@pytest.mark.parametrize("slug", slugs("terms"))
def test_a_term_is_complete(slug):
    data = by_slug("terms")[slug]
    kinds = {alias["kind"] for alias in data["aliases"]}
    assert {"inflection", "misspelling", "discouraged"} <= kinds
    assert len(data["sources"]) >= (2 if data["voice"] == "engineer" else 1)
    assert relations_of(slug) >= 2
    assert mappings_of(slug) >= 1


def relations_of(slug):
    stated = {relation["term"] for relation in by_slug("terms")[slug].get("relations", [])}
    told = {other for other, data in by_slug("terms").items() if names(data, "relations", slug)}
    return len(stated | told)


def mappings_of(slug):
    stated = {mapping["term"] for mapping in by_slug("terms")[slug].get("mappings", [])}
    told = {other for other, data in by_slug("terms").items() if names(data, "mappings", slug)}
    return len(stated | told)


def names(data, kind, slug):
    return any(link["term"] == slug for link in data.get(kind, []))


@pytest.mark.parametrize("slug", slugs("terms"))
def test_related_terms_are_never_in_a_broader_chain_too(slug):
    """What SKOS demands: `related` is disjoint with being broader, at any distance."""
    terms = by_slug("terms")

    def above(start):
        found, waiting = set(), [start]
        while waiting:
            for relation in terms[waiting.pop()].get("relations", []):
                if relation["kind"] in {"broader", "part_of"} and relation["term"] not in found:
                    found.add(relation["term"])
                    waiting.append(relation["term"])
        return found

    assert slug not in above(slug), "broader than itself"
    for relation in terms[slug].get("relations", []):
        if relation["kind"] in {"related", "contrasts"}:
            assert relation["term"] not in above(slug)
            assert slug not in above(relation["term"])


@pytest.mark.parametrize("slug", slugs("terms"))
def test_relations_of_both_sides_agree(slug):
    terms = by_slug("terms")
    for relation in terms[slug].get("relations", []):
        for back in terms[relation["term"]].get("relations", []):
            if back["term"] == slug:
                assert back["kind"] == INVERSE[relation["kind"]]


@pytest.mark.parametrize("slug", slugs("terms"))
def test_an_engineer_term_has_a_scenario_of_its_own_and_a_manager_term_a_caption(slug):
    data = by_slug("terms")[slug]
    scenarios = data.get("scenarios", [])
    if data["voice"] == "engineer":
        assert slug in scenarios
    else:
        assert set(data.get("captions", {})) == set(scenarios)


def test_no_two_terms_of_engineers_share_a_scenario():
    owners = [
        slug for data in by_slug("terms").values() if data["voice"] == "engineer" for slug in data.get("scenarios", [])
    ]
    assert len(owners) == len(set(owners))
    assert set(owners) == set(by_slug("scenarios"))


@pytest.mark.parametrize("slug", slugs("scenarios"))
def test_the_claims_of_a_scenario_hold_and_its_settings_are_taken_as_they_are(slug, engine):
    scenario = shipped.scenario(slug)
    given = scenario["given"]
    run = engine.simulate(given)
    assert run["problems"] == []
    assert 0 < scenario["start"] < run["length"]
    assert len(scenario["claims"]) >= 3
    assert len({claim["id"] for claim in scenario["claims"]}) == len(scenario["claims"])
    verdicts = zip(scenario["claims"], engine.evaluate(given, scenario["claims"]), strict=True)
    assert {claim["id"]: verdict for claim, verdict in verdicts if not verdict["holds"]} == {}


@pytest.mark.parametrize("slug", slugs("scenarios"))
def test_breaking_a_scenario_changes_its_outcome(slug, engine):
    scenario = shipped.scenario(slug)
    run = engine.simulate(scenario["broken"])
    assert run["problems"] == []
    whole = engine.simulate(scenario["given"])
    assert (run["result"], run["checks"]) != (whole["result"], whole["checks"])


def test_every_scenario_of_a_model_differs_from_the_others():
    seen = {}
    for slug, data in by_slug("scenarios").items():
        settings_ = repr((data["model"], data["log"], data.get("params"), data.get("interventions"), data["break"]))
        assert settings_ not in seen, f"{slug} repeats {seen.get(settings_)}"
        seen[settings_] = slug


def test_every_model_has_a_scenario():
    assert {data["model"] for data in by_slug("scenarios").values()} == set(catalogue.declared())
