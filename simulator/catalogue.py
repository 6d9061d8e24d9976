"""What the in-browser engine offers, as it describes itself in static/simulator/catalogue.json."""

import json
from functools import cache
from pathlib import Path

PATH = Path(__file__).resolve().parent.parent / "static" / "simulator" / "catalogue.json"


@cache
def models() -> dict[str, dict]:
    """The engine's models by id: {id, title, params, interventions, checks, fidelity, …}."""
    return {model["id"]: model for model in json.loads(PATH.read_text())["models"]}


@cache
def declared() -> dict[str, dict]:
    """What each model declares: {"params": {name: declaration}, "interventions": {kind: {name: declaration}}}."""
    return {
        id: {
            "params": by_name(model["params"]),
            "interventions": {kind["kind"]: by_name(kind["params"]) for kind in model["interventions"]},
        }
        for id, model in models().items()
    }


def by_name(params: list[dict]) -> dict[str, dict]:
    return {param["name"]: param for param in params}
