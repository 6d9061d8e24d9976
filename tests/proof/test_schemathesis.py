"""schemathesis asks the API whatever its document allows, and what it does not, and finds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from glossary.domain.vocabulary import SCOPES
from glossary.services import access_tokens
from tests.factories import ProposalFactory, ScenarioFactory, TermFactory, UserFactory, linked_to

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]
SETTINGS = Path(__file__).with_name("schemathesis.toml")


@pytest.fixture
def dictionary(settings):
    """One of everything that an address of the API can be about, and no limit to what may be asked."""
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, 0)
    archive = TermFactory(label="archive", voice="manager")
    TermFactory(label="log", scenarios=[ScenarioFactory(slug="kept").slug], mappings=[linked_to(archive, "close")])
    TermFactory(label="offset", renamed=True)
    TermFactory(label="ledger", retired=True)
    ProposalFactory()


def findings(folder: Path, server: str, *arguments: str) -> str:
    """What schemathesis says, "" if it finds nothing; what it writes down goes into the folder."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", SETTINGS, "run", *arguments]
    command.append(f"{server}/api/v1/openapi.json")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("may_write", [False, True], ids=["anonymous", "with every scope"])
def test_schemathesis_finds_nothing(live_server, dictionary, tmp_path, may_write):
    given = []
    if may_write:
        _, secret = access_tokens.make_token(
            label="ci", scopes=sorted(SCOPES.keys() - {"read"}), by=UserFactory(curator=True)
        )
        given = ["--header", f"Authorization: Bearer {secret}"]
    said = findings(tmp_path, live_server.url, *given)
    assert not said, said
