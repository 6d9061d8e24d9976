"""What reads the checker's reports, and what runs it: SARIF's own validator, GitHub's toolkit, pre-commit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from glossary import documents
from glossary.domain.reports import Finding, as_github
from tests.factories import TermFactory
from tests.proof.npm import TOOLS, install

pytestmark = pytest.mark.proof

MULTITOOL, TOOLKIT = "@microsoft/sarif-multitool@5.7.0", "@actions/core@3.0.1"
WARN = """
const { warning } = await import(process.argv[1]);
const [message, properties] = JSON.parse(process.argv[2]);
warning(message, properties);
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    return install(tmp_path_factory.mktemp("npm"), MULTITOOL, TOOLKIT)


@pytest.fixture
def terms():
    documents.forget()
    TermFactory(label="compaction", aliases=[{"text": "comapction", "kind": "misspelling"}])
    TermFactory(label="ledger", retired=True)
    yield
    documents.forget()


def validated(packages: Path, path: Path) -> str:
    """What SARIF's validator says of a file."""
    tool = packages / "node_modules" / ".bin" / "sarif-multitool"
    command = [tool, "validate", path, "--output", f"{path}.out", "--log", "ForceOverwrite"]
    paths = f"{TOOLS}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": paths, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.mark.django_db
def test_a_report_in_sarif_is_valid_for_its_own_validator(packages, terms, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("on 100 % of it.md").write_text("# Compaction\n\nThe comapction of the 漢字 ledger.\n")
    call_command("check_docs", "on 100 % of it.md", "--format", "sarif", "--all")
    report = tmp_path / "report.sarif"
    report.write_text(capsys.readouterr().out)
    assert len(json.loads(report.read_text())["runs"][0]["results"]) == 3
    assert ": error " not in validated(packages, report)
    # It does find what is wrong.
    report.write_text(report.read_text().replace('"startLine": 3', '"startLine": 0'))
    assert ": error JSON1008" in validated(packages, report)


@pytest.mark.parametrize(
    "path", ["docs/plan.md", "a,b:c.md", "100%.md", "%0A.md", "two\nlines\r.md", "x::error file=y::z.md"]
)
def test_annotations_are_written_as_the_toolkit_of_github_writes_them(packages, path):
    message = "“a”: 100 % of,\r\nit::"
    finding = Finding(path, 3, 5, 4, 6, "a", "a", "https://x.org/a%20b", "a", "warning", message)
    properties = {"file": path, "startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 6}
    arguments = json.dumps([f"{message} https://x.org/a%20b", properties])
    toolkit = packages / "node_modules" / "@actions" / "core" / "lib" / "core.js"
    command = [TOOLS / "node", "--input-type=module", "-e", WARN, toolkit, arguments]
    expected = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert parts(as_github([finding])) == parts(expected)


def parts(annotation: str) -> tuple[str, set[str], str]:
    """Kind, properties, and message of an annotation; the properties may come in any order."""
    assert annotation.count("\n") == 1
    kind, _, rest = annotation.strip().removeprefix("::").partition(" ")
    properties, _, message = rest.partition("::")
    return kind, set(properties.split(",")), message


@pytest.mark.django_db(transaction=True)
def test_pre_commit_lets_a_good_document_pass_and_stops_a_bad_one(live_server, terms, tmp_path):
    def run(*command, fails: bool = False) -> str:
        environment = os.environ | {"PRE_COMMIT_HOME": str(tmp_path / "home")}
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert bool(ran.returncode) == fails, ran.stdout + ran.stderr
        return ran.stdout

    head = run("git", "-C", settings.BASE_DIR, "rev-parse", "HEAD").strip()
    hook = {"id": "check-docs", "args": ["--server", live_server.url, "--fail-on", "warning"]}
    repository = {"repo": str(settings.BASE_DIR), "rev": head, "hooks": [hook]}
    # JSON is YAML.
    Path(tmp_path, ".pre-commit-config.yaml").write_text(json.dumps({"repos": [repository]}))
    run("git", "init", "--quiet")
    Path(tmp_path, "plan.md").write_text("# Compaction\n")
    run("git", "add", ".")
    assert "Passed" in run(sys.executable, "-m", "pre_commit", "run")
    Path(tmp_path, "plan.md").write_text("# Comapction\n")
    run("git", "add", ".")
    assert "plan.md:1:3: warning: “Comapction” is a misspelling" in run(
        sys.executable, "-m", "pre_commit", "run", fails=True
    )
