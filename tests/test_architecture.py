"""The directions in which code may depend, and where purity is promised."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "static" / "simulator"


def modules(folder: str) -> list[Path]:
    found = [path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    assert found, f"no modules in {folder}"
    return found


def imports(path: Path) -> set[str]:
    """Dotted names of what a module imports; relative imports made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts
    package = package if path.name == "__init__.py" else package[:-1]
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names |= {f"{stem}.{alias.name}" for alias in node.names}
    return names


def reaches(path: Path, *prefixes: str) -> set[str]:
    return {name for name in imports(path) if any(name == p or name.startswith(f"{p}.") for p in prefixes)}


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("glossary/domain", ("django", "simulator", "glossary.models", "glossary.services", "glossary.rendering")),
        ("glossary/models", ("glossary.services", "glossary.views", "glossary.rendering", "glossary.search")),
        ("glossary/services", ("glossary.views", "glossary.urls", "django.http")),
        ("glossary/views", ("glossary.urls", "glossary.management")),
        ("simulator", ("glossary",)),
    ],
)
def test_dependencies_point_one_way(folder, forbidden):
    found = {path: reaches(path, *forbidden) for path in modules(folder)}
    assert {str(path): names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("name", ["rendering.py", "search.py"])
def test_rendering_and_search_know_domain_and_models_only(name):
    own = {imported for imported in imports(ROOT / "glossary" / name) if imported.startswith(("glossary", "simulator"))}
    assert all(imported.startswith(("glossary.domain", "glossary.models")) for imported in own)


def test_only_services_write():
    writing = re.compile(
        r"\.(save|delete|create|bulk_create|bulk_update|get_or_create|update_or_create)\(|objects[^\n]*\.update\("
    )
    folders = ["glossary/views", "glossary/domain", "glossary/management", "glossary/models"]
    found = [str(path) for folder in folders for path in modules(folder) if writing.search(path.read_text())]
    assert found == []


@pytest.mark.parametrize("folder", ["glossary/domain"])
def test_the_domain_has_no_clock_and_no_unseeded_chance(folder):
    for path in modules(folder):
        assert reaches(path, "time", "datetime", "random", "secrets", "os", "pathlib") == set(), path


def scripts(folder: str) -> list[Path]:
    found = sorted((ENGINE / folder).rglob("*.js"))
    assert found, f"no modules in {folder}"
    return found


def script_imports(path: Path) -> set[Path]:
    text = path.read_text()
    return {
        (path.parent / name).resolve()
        for name in re.findall(r"""^(?:import|export)[^"';]*["'](\.[^"']+)["']""", text, re.M)
    }


def test_the_engine_imports_the_engine_only():
    outside = {
        (path.name, str(target))
        for path in scripts("engine")
        for target in script_imports(path)
        if "engine" not in target.parts
    }
    assert outside == set()


@pytest.mark.parametrize("folder", ["engine", "narration"])
def test_the_engine_touches_no_page_clock_network_or_chance(folder):
    impure = re.compile(
        r"\b(document\.|window\.(?!\()|navigator|fetch\(|XMLHttpRequest|localStorage|indexedDB|setTimeout|setInterval|"
        r"Date\.now|new Date\(\)|performance\.|Math\.random|process\.|console\.)"
    )
    found = {
        (path.name, match.group())
        for path in scripts(folder)
        for match in impure.finditer(re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.S))
    }
    assert found == set()


def test_the_browser_modules_have_no_cycles_and_short_chains():
    graph = {path.resolve(): script_imports(path) for path in ENGINE.rglob("*.js")}

    def depth(path, above=()):
        assert path not in above, f"a cycle through {path.name}"
        return 1 + max((depth(target, (*above, path)) for target in graph.get(path, ())), default=0)

    assert max(depth(path) for path in graph) <= 6


def test_no_file_is_too_long_to_be_one_room():
    kinds = {".py", ".js", ".css", ".html", ".mjs"}
    folders = ["glossary", "simulator", "templates", "static", "tests"]
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds and "migrations" not in path.parts
        if (lines := path.read_text().count("\n")) > 500
    }
    assert long == {}
