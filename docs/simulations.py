"""Writes docs/simulations.md out of what the engine says of itself.

    python -m docs.simulations > docs/simulations.md

Labels, bounds, checks and fidelity come from static/simulator/catalogue.json; what a model shows and the shape of
its result from two comments in its module: the one at its head, and the one above `export const model`.
"""

import json
import re
import sys
from pathlib import Path

SIMULATOR = Path(__file__).resolve().parent.parent / "static" / "simulator"
COMMENT = r"/\*\*\n((?: \*[^\n]*\n)+?) \*/\n"
HEAD = re.compile(rf"\A{COMMENT}")
MODEL = re.compile(rf"{COMMENT}export const model\b")

INTRODUCTION = """\
# Simulations

*Written by `make catalogue` from the engine's own description of itself; do not edit.*

Each model runs on any log of records. Its parameters are bounded: a value outside is clamped or refused, and the
run's `problems` say so. An intervention happens at `at`, the number of records that are in the log before it (the end,
unless given). A check is what the model itself promises; it is computed from the run and can fail. How to call a model
from a script is in [integrating.md](integrating.md#the-engine-as-a-module).

Times are milliseconds since the epoch. An offset is the position of a record in its log.
"""


def text() -> str:
    """The whole of docs/simulations.md."""
    models = json.loads((SIMULATOR / "catalogue.json").read_text())["models"]
    contents = [f"- [{model['title']}](#{anchor(model['title'])})" for model in models]
    return "\n\n".join([INTRODUCTION.rstrip(), "\n".join(contents), *map(section, models)]) + "\n"


def section(model: dict) -> str:
    said = comments(model["id"])
    parts = [
        f"## {model['title']}",
        f"`{model['id']}` · log {model['log']} · [source](../static/simulator/engine/models/{model['id']}.js)",
        *said["about"],
        "### Parameters",
        *said["parameters"],
        parameters(model["params"]) or "None.",
        "### Interventions",
        *said["interventions"],
        interventions(model["interventions"]) or "None.",
        "### Result",
        *said["result"],
        "### Checks",
        table(("check", "engineer", "manager"), [(code(id), *voices(label)) for id, label in model["checks"].items()]),
        "### Fidelity",
        fidelity(model["fidelity"]),
    ]
    return "\n\n".join(parts)


def comments(id: str) -> dict[str, list[str]]:
    """What a model's module says of it, by heading: a paragraph that begins "Result: " stands under Result."""
    path = SIMULATOR / "engine" / "models" / f"{id}.js"
    source = path.read_text()
    head, described = HEAD.search(source), MODEL.search(source)
    if not head or not described or "Result: " not in described.group(1):
        raise ValueError(f"{path.name} needs a comment at its head, and one above the model that says its `Result: `")
    said: dict[str, list[str]] = {
        "about": paragraphs(head.group(1)),
        "parameters": [],
        "interventions": [],
        "result": [],
    }
    for paragraph in paragraphs(described.group(1)):
        heading, colon, rest = paragraph.partition(": ")
        if colon and heading.lower() in said:
            said[heading.lower()].append(rest)
        else:
            said["about"].append(paragraph)
    return said


def paragraphs(comment: str) -> list[str]:
    lines = [line.removeprefix(" *").strip() for line in comment.splitlines()]
    lines = [line for line in lines if not line.startswith("@")]
    return [" ".join(block.split("\n")) for block in re.split(r"\n{2,}", "\n".join(lines).strip())]


def parameters(params: list[dict]) -> str:
    headings = ("parameter", "type", "default", "bounds", "Kafka", "engineer", "manager")
    return table(
        headings,
        [
            (code(param["name"]), kind(param), default(param), bounds(param), kafka(param), *voices(param["label"]))
            for param in params
        ],
    )


def interventions(found: list[dict]) -> str:
    rows = []
    for intervention in found:
        given = in_a_line(intervention["params"])
        rows.append((code(intervention["kind"]), given or "–", *voices(intervention["label"])))
    return table(("intervention", "parameters (type, bounds; default)", "engineer", "manager"), rows)


def in_a_line(params: list[dict]) -> str:
    return "; ".join(
        f"{code(param['name'])} ({', '.join(filter(None, (kind(param), bounds(param))))}; {default(param)})"
        for param in params
    )


def kind(param: dict) -> str:
    return f"{param['type']}, {param['unit']}" if "unit" in param else param["type"]


def default(param: dict) -> str:
    return code(json.dumps(param["default"], ensure_ascii=False)) if "default" in param else "required"


def bounds(param: dict) -> str:
    if "choices" in param:
        return ", ".join(code(choice["value"]) for choice in param["choices"])
    said = [f"columns {in_a_line(param['columns'])}"] if "columns" in param else []
    if "min" in param and "max" in param:
        said.append(f"{number(param['min'])} to {number(param['max'])}")
    elif "min" in param:
        said.append(f"at least {number(param['min'])}")
    elif "max" in param:
        said.append(f"at most {number(param['max'])}")
    if "maxItems" in param:
        said.append(f"at most {param['maxItems']} entries")
    if param.get("nullable"):
        said.append("or null")
    return ", ".join(said)


def number(value: float) -> str:
    limits = {2**53 - 1: "2⁵³ − 1", 8.64e15: "8.64 × 10¹⁵"}
    return ("−" if value < 0 else "") + limits.get(abs(value), f"{abs(value):,}")


def kafka(param: dict) -> str:
    return code(param["kafka"]) if "kafka" in param else ""


def fidelity(said: dict) -> str:
    version = f", {said['version']}" if said.get("version") else ""
    follows = [f"- {item['rule']}" + (f" ({item['where']})" if item.get("where") else "") for item in said["follows"]]
    simplified = [f"- {item}" for item in said["simplified"]]
    return "\n\n".join(
        [
            f"Follows {said['system']}{version}:",
            "\n".join(follows),
            *([recorded("Kafka", said["recorded"])] if "recorded" in said else []),
            *([recorded("a running broker of Kafka", said["broker"])] if "broker" in said else []),
            "Simplified:",
            "\n".join(simplified),
        ]
    )


def recorded(beside: str, said: dict) -> str:
    """What was compared with the real system, and how much of it agrees."""
    compared = f"Beside {beside} {said['version']}: {said['cases']} {said['what']}."
    if said["excluded"]:
        return f"{compared} {said['excluded']} excluded, {said['why']}; all others agree."
    return f"{compared} All agree, none is excluded."


def voices(label: dict | str) -> tuple[str, str]:
    return (label["engineer"], label["manager"]) if isinstance(label, dict) else (label, label)


def code(value: str) -> str:
    return f"`{value}`"


def anchor(title: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def table(headings: tuple[str, ...], rows: list[tuple]) -> str:
    """A Markdown table, or nothing for no rows."""
    if not rows:
        return ""
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(text())
