"""Rules for writers, applied by the tools themselves: Vale, built from its Go module, and textlint with prh."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.factories import TermFactory
from tests.proof.npm import TOOLS, install

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]

VALE = "github.com/errata-ai/vale/v3/cmd/vale@v3.15.2"
TEXTLINT = ["textlint@15.8.0", "textlint-rule-prh@6.1.0"]
EVENTCATALOG = "@eventcatalog/sdk@2.27.1"
READ_BACK = """
const { default: { default: sdk } } = await import(process.argv[1] + "/node_modules/@eventcatalog/sdk/dist/index.js");
const catalog = sdk(process.argv[2]);
await catalog.writeDomain({ id: "orders", name: "Orders", version: "1.0.0", markdown: "# Orders" });
const { writeFileSync } = await import("node:fs");
writeFileSync(process.argv[2] + "/domains/orders/ubiquitous-language.mdx", process.argv[3]);
console.log(JSON.stringify(await catalog.getUbiquitousLanguageFromDomain("orders")));
"""
DOCUMENT = "Log compaction is well. The comapction is not, nor is log compression. A log is a log.\n"
VALE_SETTINGS = """\
StylesPath = styles
MinAlertLevel = suggestion
Packages = {address}/export/vale/EDA.zip
Vocab = EDA
[*.md]
BasedOnStyles = Vale, EDA
"""


@pytest.fixture
def terms():
    TermFactory(label="log")
    return TermFactory(
        label="compaction",
        aliases=[
            {"text": "log compaction", "kind": "synonym"},
            {"text": "comapction", "kind": "misspelling"},
            {"text": "log compression", "kind": "discouraged", "note": "it removes records"},
        ],
    )


@pytest.fixture(scope="module")
def vale(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("go")
    environment = os.environ | {"GOPATH": str(folder), "GOFLAGS": "-modcacherw"}
    subprocess.run([TOOLS / "go", "install", VALE], check=True, env=environment)
    return folder / "bin" / "vale"


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """Where npm has put what is needed."""
    return install(tmp_path_factory.mktemp("npm"), *TEXTLINT, EVENTCATALOG)


@pytest.fixture(scope="module")
def textlint(packages) -> list:
    return [TOOLS / "node", packages / "node_modules" / "textlint" / "bin" / "textlint.js", packages]


def test_vale_fetches_the_package_and_finds_what_is_unwanted_with_its_link(
    vale, live_server, terms, tmp_path, settings
):
    settings.PUBLIC_URL = live_server.url
    (tmp_path / ".vale.ini").write_text(VALE_SETTINGS.format(address=live_server.url))
    (tmp_path / "adr.md").write_text(DOCUMENT)
    subprocess.run([vale, "sync"], cwd=tmp_path, check=True, capture_output=True)
    ran = subprocess.run([vale, "--output=JSON", "adr.md"], cwd=tmp_path, capture_output=True, text=True, check=False)
    alerts = json.loads(ran.stdout)["adr.md"]
    ours = [
        (each["Match"], each["Action"]["Params"], each["Link"]) for each in alerts if each["Check"] == "EDA.compaction"
    ]
    link = f"{live_server.url}/id/{terms.uid}/"
    assert ours == [("comapction", ["compaction"], link), ("log compression", ["compaction"], link)]
    # What is well is no spelling mistake, at the beginning of a sentence neither.
    assert {each["Match"] for each in alerts if each["Check"].startswith("Vale.")} <= {"comapction"}


def test_textlint_loads_the_rules_reports_and_mends(textlint, live_server, terms, client, tmp_path):
    rules = client.get("/export/prh.yml").getvalue()
    (tmp_path / "prh.yml").write_bytes(rules)
    (tmp_path / ".textlintrc.json").write_text(json.dumps({"rules": {"prh": {"rulePaths": ["prh.yml"]}}}))
    document = tmp_path / "adr.md"
    document.write_text(DOCUMENT)
    node, script, folder = textlint
    command = [node, script, "--rules-base-directory", folder / "node_modules", "--format", "json", document]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    messages = [message["message"] for message in json.loads(ran.stdout)[0]["messages"]]
    assert len(messages) == 2, ran.stderr
    assert messages[0].startswith("comapction => compaction")
    assert messages[1].startswith("log compression => compaction")
    subprocess.run([*command[:-1], "--fix", document], cwd=tmp_path, capture_output=True, check=False)
    assert document.read_text() == DOCUMENT.replace("comapction", "compaction").replace("log compression", "compaction")


def test_eventcatalog_reads_the_ubiquitous_language_back(packages, terms, client, tmp_path):
    text = client.get("/export/eventcatalog/ubiquitous-language.mdx").getvalue().decode()
    command = [TOOLS / "node", "--input-type=module", "--eval", READ_BACK, packages, tmp_path, text]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    entries = {entry["id"]: entry for entry in json.loads(ran.stdout)["dictionary"]}
    assert set(entries) == {"log", "compaction"}
    snapshot = terms.current.snapshot
    assert entries["compaction"]["name"] == "compaction"
    assert entries["compaction"]["summary"] == snapshot["lines"]["engineer"]
    for words in (snapshot["definitions"]["engineer"], snapshot["definitions"]["manager"], snapshot["gap"]):
        assert words.strip() in entries["compaction"]["description"]
