"""The termbase, read by De Nederlandsche Bank's termate, which lives in an environment of its own."""

import json
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.factories import TermFactory
from tests.proof.pypi import python_with

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

# What termate imports but does not ask for stands beside it.
TERMATE = [
    "termate==0.1.13",
    "syntok==1.4.4",
    "pyshacl==0.40.1",
    "openpyxl==3.1.5",
    "pydantic==1.10.24",
    "colorama==0.4.6",
]
READ = """
import json, sys
from termate.termate import TbxDocument
concepts = TbxDocument().open(sys.argv[1]).concepts_list
print(json.dumps(concepts, default=dict))
"""


@pytest.fixture(scope="module")
def termate(tmp_path_factory) -> Path:
    """The Python that has termate."""
    return python_with(tmp_path_factory.mktemp("termate"), *TERMATE)


def read(termate: Path, client, tmp_path: Path) -> dict[str, dict]:
    termbase = tmp_path / "eda.tbx"
    termbase.write_bytes(client.get("/export/eda.tbx").getvalue())
    ran = subprocess.run([termate, "-c", READ, termbase], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return {concept["id"]: concept for concept in json.loads(ran.stdout)}


def test_termate_reads_every_concept_of_the_shipped_dictionary(termate, client, tmp_path):
    call_command("load_content", verbosity=0)
    found = read(termate, client, tmp_path)
    assert len(found) > 90
    references = {each["attr"]["target"] for concept in found.values() for each in concept.get("ref", [])}
    assert references
    assert references <= set(found)


def test_termate_reads_terms_with_their_status_subject_and_address(termate, client, tmp_path, settings):
    settings.PUBLIC_URL = "https://words.example.org"
    term = TermFactory(label='re"tention <&', slug="retention", aliases=[{"text": "RET", "kind": "abbreviation"}])
    concept = read(termate, client, tmp_path)[f"term-{term.uid}"]
    assert concept["descrip"] == [{"attr": {"type": "subjectField"}, "text": "Kafka"}]
    assert concept["xref"][0]["attr"]["target"] == f"https://words.example.org/id/{term.uid}/"
    sections = [section for section in concept["lang"]["en"] if section[0]["type"] == "term"]
    assert [[item["text"] for item in section] for section in sections] == [
        ['re"tention <&', "preferredTerm-admn-sts"],
        ["RET", "admittedTerm-admn-sts", "abbreviation"],
    ]
