"""What the shipped content files say: scenarios with what is simulated for them, and the programs of terms."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from glossary.domain.content_file import read_log, read_scenario, read_term
from simulator.claims import run_of


class Program(NamedTuple):
    """`given` is what the engine simulates; `path` names the part of its outcome that the program prints."""

    term: str
    language: str
    text: str
    path: str
    records: list[dict]
    given: dict

    def __str__(self):
        return f"{self.term} in {self.language}"


def engineer_terms() -> dict[str, dict]:
    """What the shipped files of engineer terms say, by slug."""
    files = (read_term(path.read_text(), path.stem).data for path in sorted(folder("terms").glob("*.md")))
    return {data["slug"]: data for data in files if data["voice"] == "engineer"}


def programs(language: str) -> list[Program]:
    return [program(term, language) for term in engineer_terms().values() if language in term.get("code", {})]


def program(term: dict, language: str) -> Program:
    given, code = scenario(term["scenarios"][0])["given"], term["code"]
    return Program(term["slug"], language, code[language], code["path"], given["log"], given)


def scenarios(models: Collection[str] | None = None) -> list[dict]:
    """What the shipped files of scenarios say, each with what the engine simulates: `given`, and `broken` by its break.

    models: those of some models only.
    """
    found = [scenario(path.stem) for path in sorted(folder("scenarios").glob("*.toml"))]
    return [said for said in found if models is None or said["model"] in models]


def scenario(slug: str) -> dict:
    said = read_scenario((folder("scenarios") / f"{slug}.toml").read_text(), slug).data
    log = read_log((folder("logs") / f"{said['log']}.jsonl").read_text(), said["log"]).data
    given = run_of(said, log["records"])
    rupture = said["break"]
    happened = [*said.get("interventions", []), *([rupture["intervention"]] if "intervention" in rupture else [])]
    broken = given | {"params": said.get("params", {}) | rupture.get("params", {}), "interventions": happened}
    return said | {"given": given, "broken": broken}


def folder(name: str) -> Path:
    return settings.CONTENT_DIRS[0] / name


def part_of(outcome: dict, path: str):
    """What a JSON Pointer names."""
    for name in path.split("/")[1:]:
        name = name.replace("~1", "/").replace("~0", "~")
        outcome = outcome[int(name)] if isinstance(outcome, list) else outcome[name]
    return outcome
