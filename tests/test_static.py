"""Static files as `make run` serves them: hashed, compressed, and every import leading to a file that is there."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from simulator import catalogue, figures

IMPORT = re.compile(r"""(?m)^(?:(?:import|export)\b[^"'`;()]*?from\s*|import\s*)["']([^"']+)["']""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    hashed = {"staticfiles": {"BACKEND": "glossary.staticfiles.HashedStaticFilesStorage"}}
    with override_settings(STORAGES=hashed, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


@pytest.fixture
def manifest(collected) -> dict[str, str]:
    return json.loads((collected / "staticfiles.json").read_text())["paths"]


def test_modules_import_the_hashed_names_of_files_that_exist(collected, manifest):
    modules = [name for name in manifest if name.startswith("simulator/") and name.endswith(".js")]
    assert len(modules) > 10
    for name in modules:
        module = collected / manifest[name]
        for imported in IMPORT.findall(module.read_text()):
            target = (module.parent / imported).resolve()
            assert target.is_file(), f"{name} imports {imported}"
            assert re.search(r"\.[0-9a-f]{12}\.js$", target.name), f"{name} imports {imported}, which has no hash"


def test_text_is_there_compressed_too(collected, manifest):
    for name in ("css/site.css", "js/site.js", "simulator/main.js", "django_htmx/htmx-2.min.js"):
        hashed = collected / manifest[name]
        assert hashed.with_name(hashed.name + ".br").is_file()
        assert hashed.with_name(hashed.name + ".gz").is_file()


@pytest.mark.parametrize("model", catalogue.models())
def test_a_figure_announces_all_that_its_modules_import(collected, manifest, model):
    announced = figures.module_graph(figures.MAIN, figures.model_file(model), figures.narration_file(model))
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
