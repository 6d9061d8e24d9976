"""What pages say in schema.org's words, taken from them by extruct, which lives in an environment of its own."""

import json
import subprocess
from pathlib import Path

import pytest
from rdflib.namespace import SDO

from tests.factories import TermFactory
from tests.proof.pypi import python_with

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

EXTRUCT = "extruct==0.18.0"
EXTRACT = """
import json, sys, extruct
print(json.dumps(extruct.extract(sys.stdin.read(), syntaxes=["json-ld"])["json-ld"]))
"""


@pytest.fixture(scope="module")
def extruct(tmp_path_factory) -> Path:
    """The Python that has extruct."""
    return python_with(tmp_path_factory.mktemp("extruct"), EXTRUCT)


def described(extruct: Path, client, address: str) -> dict:
    page = client.get(address).content.decode()
    ran = subprocess.run([extruct, "-c", EXTRACT], input=page, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    [found] = json.loads(ran.stdout)
    return found


def words_of(thing: dict) -> set[str]:
    """The types and properties that it uses, at any depth."""
    inner = [words_of(value) for value in thing.values() if isinstance(value, dict)]
    return {thing["@type"], *(name for name in thing if not name.startswith("@"))}.union(*inner)


def test_a_terms_page_says_what_it_defines_in_words_of_schema_org(extruct, client, settings):
    settings.PUBLIC_URL = "https://words.example.org"
    term = TermFactory(
        label="re'tention </script> & <b>", slug="retention", aliases=[{"text": "keeping", "kind": "synonym"}]
    )
    found = described(extruct, client, "/terms/retention/")
    assert (found["@type"], found["name"]) == ("DefinedTerm", "re'tention </script> & <b>")
    assert found["@id"] == f"https://words.example.org/id/{term.uid}/"
    assert found["alternateName"] == ["keeping"]
    assert found["description"] == term.current.snapshot["lines"]["engineer"]
    assert found["disambiguatingDescription"] == term.current.snapshot["lines"]["manager"]
    assert {word for word in words_of(found) if word not in SDO} == set()


def test_the_home_page_says_that_it_is_a_set_of_terms(extruct, client):
    TermFactory(label="log")
    found = described(extruct, client, "/")
    assert found["@type"] == "DefinedTermSet"
    assert found["dateModified"].replace("-", ".") == found["version"]
    assert {word for word in words_of(found) if word not in SDO} == set()
