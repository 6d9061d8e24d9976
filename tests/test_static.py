"""Static files as `make run` serves them: hashed, compressed, and every import leading to a file that is there."""

import json
import re
import subprocess

import pytest

from simulator import catalogue, figures
from tests.collected import collected, manifest
from tests.shipped import scenarios
from tests.simulator.conftest import NODE

__all__ = ["collected", "manifest"]

IMPORT = re.compile(r"""(?:^|[;}\n])(?:(?:import|export)\b[^"'`;()]*?from\s*|import\s*)["']([^"']+)["']""")
# Simulates and tells each input in both modules, and prints whether they say the same.
COMPARED = """
import { readFileSync } from "node:fs";
const [inputs, ...folders] = JSON.parse(readFileSync(0, "utf8"));
const [ours, served] = await Promise.all(folders.map(async ([engine, narration]) => {
  const [{ simulate }, { narrate }] = [await import(engine), await import(narration)];
  return inputs.map((input) => {
    const run = simulate(input);
    const frames = Array.from({ length: 40 }, (_, i) => run.at(Math.floor((i * run.length) / 39)));
    const said = frames.flatMap(({ facts }) => facts.map((fact) => narrate(fact, "manager")));
    return JSON.stringify([run.result, run.checks, frames, said]);
  });
}));
process.stdout.write(JSON.stringify(ours.map((text, i) => text === served[i] && text.length > 500)));
"""


def test_modules_import_the_hashed_names_of_files_that_exist(collected, manifest):
    modules = [name for name in manifest if name.startswith("simulator/") and name.endswith(".js")]
    assert len(modules) > 10
    for name in modules:
        module = collected / manifest[name]
        for imported in IMPORT.findall(module.read_text()):
            target = (module.parent / imported).resolve()
            assert target.is_file(), f"{name} imports {imported}"
            assert re.search(r"\.[0-9a-f]{12}\.js$", target.name), f"{name} imports {imported}, which has no hash"


def test_what_is_served_is_smaller_and_does_the_same(collected, manifest):
    given = [scenario["given"] for scenario in scenarios()]
    names = ("simulator/engine/index.js", "simulator/narration.js")
    folders = [[str(collected / name) for name in pair] for pair in (names, [manifest[name] for name in names])]
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", COMPARED],
        input=json.dumps([given, *folders]),
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == [True] * len(given)


@pytest.mark.parametrize("name", ["simulator/main.js", "simulator/engine/run.js", "js/site.js", "css/site.css"])
def test_what_is_served_has_no_comments(collected, manifest, name):
    plain, served = (collected / name).read_text(), (collected / manifest[name]).read_text()
    assert "/*" in plain
    assert "/*" not in served
    assert len(served) < len(plain)


def test_text_is_there_compressed_too(collected, manifest):
    for name in ("css/site.css", "js/site.js", "simulator/main.js", "django_htmx/htmx-2.min.js"):
        hashed = collected / manifest[name]
        assert hashed.with_name(hashed.name + ".br").is_file()
        assert hashed.with_name(hashed.name + ".gz").is_file()


@pytest.mark.parametrize("model", catalogue.models())
def test_a_figure_announces_all_that_its_modules_import(collected, manifest, model):
    announced = figures.modules_of(model)
    names = {hashed: name for name, hashed in manifest.items()}
    assert len(announced) == len(set(announced))
    for name in announced:
        module = collected / manifest[name]
        for imported in IMPORT.findall(module.read_text()):
            target = (module.parent / imported).resolve().relative_to(collected.resolve())
            assert names[str(target)] in announced


def test_pages_name_the_hashed_files(client, db, settings, collected):
    settings.STORAGES = {"staticfiles": {"BACKEND": "glossary.staticfiles.HashedStaticFilesStorage"}}
    settings.STATIC_ROOT = collected
    page = client.get("/map/").content.decode()
    assert re.search(r'<link rel="stylesheet" href="/static/css/site\.[0-9a-f]{12}\.css">', page)
    assert re.search(r'<script src="/static/js/site\.[0-9a-f]{12}\.js">', page)
