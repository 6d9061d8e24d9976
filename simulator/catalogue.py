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
def names() -> dict[str, dict]:
    """Per model the names of its parameters and the kinds of its interventions."""
    return {
        id: {
            "params": [param["name"] for param in model["params"]],
            "interventions": [intervention["kind"] for intervention in model["interventions"]],
        }
        for id, model in models().items()
    }
