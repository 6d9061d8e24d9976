"""The business glossary for DataHub, read by DataHub's own source, which lives in an environment of its own."""

import json
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.factories import TermFactory, linked_to
from tests.proof.pypi import python_with

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

DATAHUB = "acryl-datahub==1.7.0.17"
# Loads the file as an ingestion does, and tells what would be sent to a server: each term, and to what it is tied.
INGEST = """
import json, sys
from datahub.ingestion.api.common import PipelineContext
from datahub.ingestion.source.metadata.business_glossary import BusinessGlossaryFileSource
from datahub.metadata.com.linkedin.pegasus2avro.mxe import MetadataChangeEvent
source = BusinessGlossaryFileSource.create({"file": sys.argv[1]}, PipelineContext(run_id="proof"))
found = {}
for unit in source.get_workunits():
    if isinstance(unit.metadata, MetadataChangeEvent):
        snapshot = unit.metadata.proposedSnapshot
        found[snapshot.urn] = {aspect.ASPECT_NAME: aspect.to_obj() for aspect in snapshot.aspects}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def datahub(tmp_path_factory) -> Path:
    """The Python that has DataHub."""
    return python_with(tmp_path_factory.mktemp("datahub"), DATAHUB)


def ingested(datahub: Path, client, tmp_path: Path) -> dict:
    glossary = tmp_path / "datahub.yml"
    glossary.write_bytes(client.get("/export/datahub.yml").getvalue())
    ran = subprocess.run([datahub, "-c", INGEST, glossary], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_datahub_takes_every_term_of_the_shipped_dictionary(datahub, client, tmp_path):
    call_command("load_content", verbosity=0)
    found = ingested(datahub, client, tmp_path)
    terms = [urn for urn in found if urn.startswith("urn:li:glossaryTerm:")]
    nodes = [urn for urn in found if urn.startswith("urn:li:glossaryNode:")]
    assert len(terms) > 90
    assert "urn:li:glossaryNode:kafka" in nodes
    # Whatever a term is tied to is there under just that name.
    tied = {
        other for urn in terms for others in found[urn].get("glossaryRelatedTerms", {}).values() for other in others
    }
    assert tied
    assert tied <= set(terms)


def test_datahub_knows_a_term_by_its_uid_with_both_voices(datahub, client, tmp_path):
    log = TermFactory(label="log")
    term = TermFactory(label='re"tention: kept', slug="retention", relations=[linked_to(log, "broader")])
    found = ingested(datahub, client, tmp_path)[f"urn:li:glossaryTerm:{term.uid}"]
    snapshot = term.current.snapshot
    assert found["glossaryTermInfo"]["name"] == 're"tention: kept'
    assert found["glossaryTermInfo"]["definition"] == snapshot["definitions"]["engineer"].strip()
    properties = found["glossaryTermInfo"]["customProperties"]
    assert properties["for managers"] == snapshot["definitions"]["manager"].strip()
    assert found["glossaryRelatedTerms"]["isRelatedTerms"] == [f"urn:li:glossaryTerm:{log.uid}"]
