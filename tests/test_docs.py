"""The documents say what is so: names in them exist, names that should be in them are, and their examples run."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, URLResolver, get_resolver, resolve

from glossary.domain import content_file, snapshot, vocabulary
from glossary.domain.problems import Problem
from glossary.services.loading import category_problems
from simulator import catalogue

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = {path.relative_to(ROOT).as_posix(): path for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]}
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.M | re.S)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.M)
# Pointers into what a run gives, which look like addresses.
POINTER = re.compile(r"/(result|checks|scene|params)(/|$)")
EXAMPLES = {
    "<slug>": "compaction",
    "<scenario>": "compaction",
    "<uid>": "bqhgrb80",
    "<n>": "1",
    "<id>": "1",
    "<uuid>": "b1946ac9-2492-4d23-8f3a-1d1f5e6a7b8c",
    "<rest>": "history",
    "<secret>": "secret",
    "<day>": "2026.03.31",
}


@cache
def text(page: str) -> str:
    return (ROOT / page).read_text()


@cache
def prose(page: str) -> str:
    return FENCE.sub("", text(page))


def examples(page: str, info: str) -> list[str]:
    """The fenced blocks of a page that are marked so, e.g. `js run`."""
    found = [match["body"] for match in FENCE.finditer(text(page)) if match["info"] == info]
    assert found, f"no example {info!r} in {page}"
    return found


def rows(page: str, heading: str, under: str = "") -> list[list[str]]:
    """The cells of the first table whose first column has this heading, after a heading of the page."""
    lines = iter(text(page)[text(page).index(under) :].split("\n"))
    found = []
    for line in lines:
        if line.startswith(f"| {heading} |"):
            next(lines)
            for row in lines:
                if not row.startswith("|"):
                    return found
                found.append([cell.strip() for cell in row.strip("|").split("|")])
    raise AssertionError(f"{page} has no table of {heading!r} under {under!r}")


def first_column(page: str, heading: str, under: str = "") -> list[str]:
    names = [row[0].strip("`") for row in rows(page, heading, under)]
    assert len(names) == len(set(names)), f"{page} lists something twice"
    return names


def anchors(page: str) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower().replace("`", "")).replace(" ", "-")
        for heading in HEADING.findall(prose(page))
    }


# --- links and names


@pytest.mark.parametrize("page", PAGES)
def test_links_between_documents_lead_somewhere(page):
    broken = []
    for target in LINK.findall(prose(page)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        path = ((ROOT / page).parent / name).resolve() if name else ROOT / page
        if not path.exists() or (anchor and anchor not in anchors(path.relative_to(ROOT).as_posix())):
            broken.append(target)
    assert broken == []


def test_every_document_can_be_reached_from_the_readme():
    seen, waiting = set(), ["README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        targets = (
            ((ROOT / page).parent / link.partition("#")[0]).resolve()
            for link in LINK.findall(prose(page))
            if "://" not in link
        )
        found = {path.relative_to(ROOT).as_posix() for path in targets if path.suffix == ".md"}
        waiting += found - seen - set(waiting)
    assert PAGES.keys() - seen == set()


def test_the_index_of_decisions_gives_each_its_title():
    decisions = [path for path in sorted((DOCS / "decisions").glob("[0-9]*.md"))]
    titles = {path.stem[:4]: path.read_text().splitlines()[0].removeprefix(f"# {path.stem[:4]} ") for path in decisions}
    listed = {re.match(r"\[(\d+)\]", record)[1]: title for record, title in rows("docs/decisions/README.md", "record")}
    assert listed == titles


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page):
    tops = "glossary|simulator|templates|static|tests|docs"
    named = {name for name in CODE.findall(prose(page)) if re.fullmatch(rf"(?:{tops})/[\w./*-]*", name)}
    assert {name for name in named if not any(ROOT.glob(name.rstrip("/")))} == set()


def test_the_map_has_every_module():
    folders = ("glossary", "simulator", "static/js", "static/css", "static/simulator")
    modules = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".css"} and path.name != "__init__.py" and "migrations" not in path.parts
    }
    patterns = re.findall(r"^\| `([^`]+)` \|", text("docs/architecture.md").partition("## Map")[2], re.M)
    covered = {m for m in modules if any(fnmatch(m, p) or (p.endswith("/") and m.startswith(p)) for p in patterns)}
    assert modules - covered == set()
    assert {pattern for pattern in patterns if not any(ROOT.glob(pattern.rstrip("/")))} == set()


# --- addresses, commands, targets, variables


def spoken(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """The addresses of the URL configuration as documents write them: /terms/<slug>/v/<n>/.

    What a library serves below an address is written with three dots: /accounts/….
    """
    names = {
        "number": "<n>",
        "int:number": "<n>",
        "int:pk": "<id>",
        "uid:uid": "<uid>",
        "uuid:uid": "<uuid>",
        "path:rest": "<rest>",
        "str:secret": "<secret>",
        "language:language": "<language>",
        "day:day": "<day>",
    }
    for pattern in resolver.url_patterns:
        address = prefix + re.sub(r"<([^>]+)>", lambda match: names.get(match[1], "<slug>"), str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from spoken(pattern, address) if pattern.namespace == "api" else [f"{address}…"]
        elif pattern.name != "api-root":
            yield address


def test_every_address_is_documented_and_none_besides():
    documented = [address.replace("<scenario>", "<slug>") for address in first_column("docs/integrating.md", "address")]
    # An address of the API is there once for each method.
    assert sorted(documented) == sorted(set(spoken(get_resolver())))


@pytest.mark.parametrize("page", PAGES)
def test_addresses_that_are_mentioned_resolve(page):
    lost = []
    for mentioned in CODE.findall(prose(page)):
        address = mentioned.partition("?")[0].partition("#")[0]
        if (
            not address.startswith("/")
            or POINTER.match(address)
            or address.startswith("/static/")
            or re.search("[ …]", address)
        ):
            continue
        for placeholder, example in EXAMPLES.items():
            address = address.replace(placeholder, example)
        try:
            resolve(address)
        except Resolver404:
            lost.append(mentioned)
    assert lost == []


def our_commands() -> set[str]:
    return {
        path.stem
        for app in ("glossary", "simulator")
        for path in (ROOT / app / "management" / "commands").glob("[!_]*.py")
    }


def test_every_command_is_documented_and_none_besides():
    listed = {name.removeprefix("manage.py ") for name in first_column("docs/operating.md", "command")}
    assert listed == our_commands()
    mentioned = {name for page in PAGES for name in re.findall(r"manage\.py (\w+)", text(page))}
    assert mentioned - get_commands().keys() == set()


def test_every_target_of_make_is_documented_and_none_besides():
    targets = set(re.findall(r"^([a-z]+):.*##", text("Makefile"), re.M))
    assert {name.removeprefix("make ") for name in first_column("docs/operating.md", "target")} == targets
    mentioned = {target for page in PAGES for target in re.findall(r"(?:`|^    )make ([a-z]+)", text(page), re.M)}
    assert mentioned - targets == set()


def variables_of_settings() -> set[str]:
    """Names in capitals that settings.py hands to whatever reads the environment."""
    calls = (node for node in ast.walk(ast.parse(text("glossary/settings.py"))) if isinstance(node, ast.Call))
    first = (call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant))
    return {name for name in first if isinstance(name, str) and re.fullmatch(r"[A-Z][A-Z_]+", name)}


def test_every_variable_is_documented_and_none_besides():
    makes = set(re.findall(r"^([A-Z_]+) \?=", text("Makefile"), re.M))
    under = "## Environment variables"
    assert set(first_column("docs/operating.md", "variable", under)) == variables_of_settings()
    assert set(first_column("docs/operating.md", "variable", "Read by make alone")) == makes - variables_of_settings()


def test_the_environment_is_read_in_one_place():
    readers = {
        path.relative_to(ROOT).as_posix()
        for app in ("glossary", "simulator")
        for path in (ROOT / app).rglob("*.py")
        if "environ" in path.read_text()
    }
    assert readers == {"glossary/settings.py", "glossary/wsgi.py"}


@pytest.mark.parametrize("name", ["GLOSSARY_TITLE", "EMBED_ANCESTORS"])
def test_documented_defaults_are_the_defaults(name):
    documented = next(row[1].strip("`") for row in rows("docs/operating.md", "variable") if row[0] == f"`{name}`")
    value = getattr(settings, name)
    assert documented == (value if isinstance(value, str) else " ".join(value))


# --- the format of content


@pytest.mark.parametrize(
    ("under", "fields"),
    [
        ("## Terms\n", {*snapshot.TERM_REQUIRED, *snapshot.TERM_OPTIONAL}),
        ("## Scenarios", {*snapshot.SCENARIO_REQUIRED, *snapshot.SCENARIO_OPTIONAL}),
        ("### Claims", {"id", "at", "path", "op", "value", *vocabulary.VOICES}),
        ("## Sample logs", {*snapshot.RECORD_REQUIRED, "offset", "size"}),
        ("## Categories", {"slug", "label", "description"}),
    ],
)
def test_every_field_of_a_content_file_is_documented_and_none_besides(under, fields):
    assert set(first_column("docs/editing.md", "field", under)) == fields


def test_every_kind_and_operator_is_documented():
    kinds = {row[0].strip("`"): row for row in rows("docs/editing.md", "kind")}
    for name, known in (("mapping", vocabulary.MAPPING_KINDS), ("relation", vocabulary.RELATION_KINDS)):
        assert {kind for kind, row in kinds.items() if name in row[1]} == set(known)
    told = {kind: re.match(r"`(\w+)`", row[3])[1] for kind, row in kinds.items()}
    assert told == {kind: vocabulary.INVERSE[kind] for kind in kinds}
    assert set(first_column("docs/editing.md", "op")) == set(vocabulary.CLAIM_OPERATORS)
    line = next(line for line in text("docs/editing.md").split("\n") if line.startswith("Of an alias"))
    assert set(vocabulary.ALIAS_KINDS) <= set(CODE.findall(line))


def example_problems(kind: str, data: dict) -> list[Problem]:
    match kind:
        case "term":
            return snapshot.term_problems(data)
        case "scenario":
            return snapshot.scenario_problems(data, catalogue.declared())
        case "log":
            return snapshot.log_problems(data)
    return category_problems(data)


@pytest.mark.parametrize(
    ("info", "write"),
    [
        ("markdown term", content_file.write_term),
        ("toml scenario", content_file.write_scenario),
        ("jsonl log", content_file.write_log),
        ("toml categories", lambda data: content_file.write_categories(data["categories"])),
    ],
)
def test_examples_of_content_are_valid_and_canonical(info, write):
    kind = info.split()[1]
    read = getattr(content_file, f"read_{kind}")
    for example in examples("docs/editing.md", info):
        file = read(example) if kind == "categories" else read(example, "example")
        assert file.problems + example_problems(kind, file.data) == []
        assert write(file.data) == example


# --- the engine


def node(source: str) -> str:
    program = Path(sys.executable).parent / "node"
    ran = subprocess.run(
        [program, "--input-type=module"], input=source, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_examples_of_the_engine_run_and_print_what_they_say():
    for example in examples("docs/integrating.md", "js run"):
        said = re.findall(r"^console\.log.*; // (.*)$", example, re.M)
        assert said
        assert node(example).splitlines() == said


def test_the_exports_of_the_engine_are_documented():
    exported = node('import * as all from "./static/simulator/engine/index.js"; console.log(...Object.keys(all))')
    assert set(first_column("docs/integrating.md", "export")) == set(exported.split())


def test_the_claims_of_the_example_hold_and_can_fail():
    (example,) = examples("docs/editing.md", "toml scenario")
    scenario = tomllib.loads(example)
    records = text(f"glossary/content/logs/{scenario['log']}.jsonl").splitlines()[1:]
    given = {name: scenario[name] for name in ("model", "params", "interventions")}
    given["log"] = [json.loads(record) for record in records]
    broken = given | {"params": scenario["params"] | scenario["break"]["params"]}
    verdicts = node(
        'import { evaluateClaim, simulate } from "./static/simulator/engine/index.js";'
        f"const [claims, ...runs] = {json.dumps([scenario['claims'], given, broken])};"
        "for (const run of runs) console.log(claims.every((claim) => evaluateClaim(simulate(run), claim).holds));"
    )
    assert verdicts.split() == ["true", "false"]


def test_every_field_of_an_address_is_documented():
    source = text("static/simulator/player/address.js")
    known = re.search(r'"([a-z](?: [a-z])+)"\.split\(" "\)', source)[1].split()
    assert set(first_column("docs/integrating.md", "field")) == set(known)


def test_the_page_of_simulations_is_in_step_with_the_engine():
    written = import_module("docs.simulations").text()
    assert text("docs/simulations.md") == written, "run `make catalogue`"


# --- pages


@pytest.mark.django_db
def test_the_properties_of_structured_data_are_documented():
    from glossary.views.structured import defined_term
    from tests.factories import TermFactory

    described = defined_term(TermFactory())
    listed = first_column("docs/integrating.md", "property")
    assert set(listed) == {name for name in described if name not in {"@context", "@type"}}
