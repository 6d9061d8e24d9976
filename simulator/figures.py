"""Figures: what a page needs to bring a scenario to life in the browser."""

import json
import posixpath
import re
from dataclasses import dataclass
from functools import cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

MAIN = "simulator/main.js"
# The same statements that the hashed storage rewrites.
IMPORT = re.compile(r"""(?m)^(?:(?:import|export)\b[^"'`;()]*?from\s*|import\s*)["'](\.{1,2}/[^"']+)["']""")
# What would end the element or begin a comment in it; JSON reads the escapes as the same text.
SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script_json(data) -> SafeString:
    """JSON that may stand in a <script> element as it is."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(SCRIPT_ESCAPES))


@dataclass(frozen=True)
class Figure:
    """A scenario as the n-th figure of a page. `json` is what the player reads: Scenario.as_json()."""

    number: int
    json: dict
    # Where the reader may choose another model: those on offer.
    choices: tuple[str, ...] = ()

    @property
    def script_id(self) -> str:
        return f"scenario-{self.json['slug']}"

    @property
    def model_file(self) -> str:
        return f"simulator/engine/models/{self.json['model']}.js"

    @property
    def narration_file(self) -> str:
        return f"simulator/narration/{self.json['model']}.js"

    @property
    def model_src(self) -> str:
        return static(self.model_file)

    @property
    def narration_src(self) -> str:
        return static(self.narration_file)

    @property
    def main_src(self) -> str:
        return static(MAIN)

    @property
    def modules(self) -> list[str]:
        """Addresses of all modules that the figure imports, so that a browser fetches them at once and not in turn."""
        return [static(name) for name in module_graph(MAIN, self.model_file, self.narration_file)]


def figure_of(scenario, *, number: int = 1, voice: str = "", caption: str = "") -> Figure:
    """A stored scenario as a figure; `caption` replaces the scenario's own in that voice."""
    data = scenario.as_json()
    if caption:
        data["captions"] = data["captions"] | {voice: caption}
    return Figure(number, data)


def free_figure(model: dict, log) -> Figure:
    """Any model on any sample log, without question or claims, for exploring."""
    return Figure(
        1,
        {
            "slug": f"{model['id'].replace('_', '-')}-on-{log.slug}",
            "title": f"{model['title']} on {log.title}",
            "model": model["id"],
            "params": {},
            "interventions": [],
            "start": 0,
            "captions": {},
            "claims": [],
            "log": log.as_json(),
        },
    )


@cache
def module_graph(*entries: str) -> tuple[str, ...]:
    """The static names of ES modules and of all that they import, each once, entries first."""
    found: dict[str, None] = dict.fromkeys(entries)
    for name in entries:
        for imported in imports_of(name):
            found |= dict.fromkeys((imported, *module_graph(imported)))
    return tuple(found)


@cache
def imports_of(name: str) -> tuple[str, ...]:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"no static file {name}")
    with open(path, encoding="utf-8") as file:
        source = file.read()
    return tuple(posixpath.normpath(posixpath.join(posixpath.dirname(name), url)) for url in IMPORT.findall(source))
