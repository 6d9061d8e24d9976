"""Figures: what a page needs to bring a scenario to life in the browser."""

import json
import posixpath
import re
from dataclasses import dataclass
from functools import cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from . import catalogue

MAIN = "simulator/main.js"
ROWS = "simulator/controls/rows.js"
# The same statements that the hashed storage rewrites.
IMPORT = re.compile(r"""(?m)^(?:(?:import|export)\b[^"'`;()]*?from\s*|import\s*)["'](\.{1,2}/[^"']+)["']""")
# What would end the element or begin a comment in it; JSON reads the escapes as the same text.
SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script_json(data) -> SafeString:
    """JSON that may stand in a <script> element as it is."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(SCRIPT_ESCAPES))  # noqa: S308 – nothing in it can end the element


@dataclass(frozen=True)
class Figure:
    """A scenario as the n-th figure of a page. `json` is what the player reads, as Scenario.as_json() gives it."""

    number: int
    json: dict
    # The voice that names things in the figure while a reader hears both.
    lead: str = "engineer"
    # Whether the reader may choose another model for the log.
    has_choice: bool = False

    @property
    def script_id(self) -> str:
        return f"scenario-{self.json['slug']}"

    @property
    def models(self) -> str:
        """The models on offer as JSON: {id: {title, modelSrc, narrationSrc}}; empty where there is no choice."""
        if not self.has_choice:
            return ""
        return json.dumps(
            {
                id: {
                    "title": model["title"],
                    "modelSrc": static(model_file(id)),
                    "narrationSrc": static(narration_file(id)),
                }
                for id, model in catalogue.models().items()
            }
        )

    @property
    def model_src(self) -> str:
        return static(model_file(self.json["model"]))

    @property
    def narration_src(self) -> str:
        return static(narration_file(self.json["model"]))

    @property
    def own_log_src(self) -> str:
        return static("simulator/controls/own_log.js")

    @property
    def worker_src(self) -> str:
        return static("simulator/controls/worker.js")

    @property
    def main_src(self) -> str:
        return static(MAIN)

    @property
    def modules(self) -> list[str]:
        """Addresses of all modules that the figure imports, so that a browser fetches them at once and not in turn."""
        return [static(name) for name in modules_of(self.json["model"])]


def modules_of(model: str) -> tuple[str, ...]:
    """The static names of all modules that a figure of a model loads by itself."""
    has_rows = any(param["type"] == "rows" for param in catalogue.models()[model]["params"])
    return module_graph(MAIN, model_file(model), narration_file(model), *([ROWS] if has_rows else []))


def model_file(id: str) -> str:
    return f"simulator/engine/models/{id}.js"


def narration_file(id: str) -> str:
    return f"simulator/narration/{id}.js"


def figure_of(
    scenario, *, number: int = 1, voice: str = "engineer", caption: str = "", has_choice: bool = False
) -> Figure:
    """A stored scenario as a figure led by a voice; `caption` replaces the scenario's own in that voice."""
    data = scenario.as_json()
    if caption:
        data["captions"] = data["captions"] | {voice: caption}
    return Figure(number, data, lead=voice, has_choice=has_choice)


def figure_of_snapshot(snapshot: dict, log) -> Figure | None:
    """A scenario that is not published (yet) on a stored log; None for a model that there is not."""
    if snapshot["model"] not in catalogue.models():
        return None
    optional = {"params": {}, "interventions": [], "start": 0}
    return Figure(number=1, json=optional | snapshot | {"log": log.as_json()})


def free_figure(model: dict, log) -> Figure:
    """Any model on any sample log, without question or claims, for exploring."""
    return Figure(
        number=1,
        has_choice=True,
        json={
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


def draft_figure(snapshot: dict, log: dict) -> Figure:
    """A scenario that is being written, as far as it is written; `log` as SampleLog.as_json() gives it."""
    said = {name: snapshot[name] for name in ("model", "title", "captions", "claims")}
    settings = {"start": 0, "params": {}, "interventions": []}
    settings |= {name: snapshot[name] for name in settings if name in snapshot}
    if any(snapshot["question"][voice] for voice in ("engineer", "manager")):
        said["question"] = snapshot["question"]
    if snapshot["break"]["label"]:
        said["break"] = snapshot["break"]
    return Figure(number=1, json={"slug": "draft", **said, **settings, "log": log})


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
