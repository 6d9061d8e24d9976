"""Scripts for other sites, and the words that they look for."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from glossary.domain.matching import Matcher, spelling_key
from glossary.models import Spelling
from glossary.services import access_tokens
from tests.factories import ScenarioFactory, TermFactory, UserFactory

HERE = Path(__file__).resolve()
ROOT = HERE.parents[3]
SCRIPT = ROOT / "static" / "embed" / "hovercards.js"
FIND = f"""
import {{ readFileSync }} from "node:fs";
import {{ finder }} from "{SCRIPT}";
const {{ words, texts }} = JSON.parse(readFileSync(0, "utf8"));
const find = finder(words);
console.log(JSON.stringify(texts.map((text) => find(text).map(({{ start, end, term }}) => [start, end, term]))));
"""
SPELLINGS = ["event", "offset", "offset record", "EDA", "dead letter queue", "CQRS", "exactly-once", "query", "straße"]


def found_by_script(words: list, texts: list[str]) -> list:
    node = Path(sys.executable).parent / "node"
    given = json.dumps({"words": words, "texts": texts})
    command = [node, "--input-type=module", "--eval", FIND]
    ran = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


def found_by_matcher(words: list, spellings: dict[str, str], texts: list[str]) -> list:
    matcher = Matcher()
    for key, term, _ in words:
        matcher.add(spellings[key], term)
    return [[[match.start, match.end, match.target] for match in matcher.find(text)] for text in texts]


def word_list(client) -> dict:
    return json.loads(client.get("/embed/words.json").content)


@pytest.mark.django_db
def test_the_script_finds_in_the_corpus_what_the_matcher_finds(client):
    call_command("load_content", verbosity=0)
    words = word_list(client)["words"]
    assert len(words) > 300
    documents = sorted((ROOT / "tests" / "corpus").glob("0*"))
    texts = [path.read_text() for path in documents]
    assert len(texts) > 10
    spellings = {
        spelling_key(text): text for text in Spelling.objects.values_list("text", flat=True).order_by("-voice")
    }
    here = found_by_matcher(words, spellings, texts)
    assert sum(map(len, here)) > 150
    assert found_by_script(words, texts) == here


pieces = st.sampled_from(
    [*SPELLINGS, "events", "queries", "Offset-records", "edas", "EDAs", "Eda", "STRASSE", "of", "a.b", "x_y"]
)
gaps = st.sampled_from([" ", "-", "\n", " \n ", "  ", ". ", "_", "/", "\u2011", ""])
running_texts = st.lists(st.tuples(pieces, gaps), max_size=8).map(lambda parts: "".join(map("".join, parts)))


@bounded(max_examples=20)
@given(st.lists(running_texts, min_size=60, max_size=60))
def test_the_script_agrees_with_the_matcher_on_any_text(texts):
    keys = {spelling_key(text): text for text in SPELLINGS}
    words = [[key, place, text.isupper() and len(text) <= 5] for place, (key, text) in enumerate(keys.items())]
    assert found_by_script(words, texts) == found_by_matcher(words, keys, texts)


@pytest.mark.django_db
def test_the_words_are_the_spellings_that_are_well_of_published_terms(client):
    aliases = [{"text": "log compaction", "kind": "synonym"}, {"text": "comapction", "kind": "misspelling"}]
    term = TermFactory(label="compaction", aliases=aliases)
    TermFactory(label="EDA")
    TermFactory(label="ledger", retired=True)
    found = word_list(client)
    named = {key: (found["terms"][place]["slug"], capitals) for key, place, capitals in found["words"]}
    assert named == {"compaction": ("compaction", False), "log compaction": ("compaction", False), "eda": ("eda", True)}
    [shown] = [each for each in found["terms"] if each["slug"] == "compaction"]
    assert shown["uid"] == term.uid
    assert shown["lines"] == term.current.snapshot["lines"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["hovercards", "simulator"])
def test_a_script_is_small_and_is_asked_for_again_in_vain(client, name):
    response = client.get(f"/embed/{name}.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert b"/**" not in response.content
    assert len(brotli.compress(response.content)) <= 10_000
    assert len(gzip.compress(response.content)) <= 10_000
    again = client.get(f"/embed/{name}.js", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/embed/hovercards.js",
        "/embed/simulator.js",
        "/embed/words.json",
        "/embed/compacting/",
        "/embed/compacting.svg",
        "/embed/compacting.png",
        "/api/v1/terms",
        "/api/v1/terms/compaction",
        "/export/terms.json",
        "/export/skos.jsonld",
    ],
)
def test_scripts_of_any_origin_may_read_it_without_credentials(client, address):
    ScenarioFactory(slug="compacting")
    TermFactory(label="compaction")
    response = client.get(address, headers={"Origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.django_db
def test_a_private_site_hands_words_to_a_token_alone(client, settings):
    settings.PRIVATE = True
    assert client.get("/embed/words.json").status_code == 401
    _, secret = access_tokens.make_token(label="docs", by=UserFactory(member=True))
    assert client.get(f"/embed/words.json?token={secret}").status_code == 200
    assert client.get(f"/embed/hovercards.js?token={secret}").status_code == 200
