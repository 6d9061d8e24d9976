"""Whether the claims of scenarios hold, judged by the engine that readers' browsers run.

An author's browser is not believed. What is written can be slow, and harms nobody.
"""

import json
from pathlib import Path
from typing import NamedTuple

from . import node

HERE = Path(__file__).resolve().parent
ENGINE = HERE.parent / "static" / "simulator"
JUDGE = HERE / "judge.mjs"
SECONDS = 10
MEGABYTES = 512
OPERATORS = {
    "eq": "be",
    "ne": "not be",
    "lt": "be less than",
    "le": "be at most",
    "gt": "be more than",
    "ge": "be at least",
    "contains": "contain",
    "excludes": "not contain",
    "length": "have the length",
}


class Failure(NamedTuple):
    """A claim that does not hold, by its place in its scenario, and a sentence that says what came out instead."""

    index: int
    message: str


class NotJudged(Exception):
    """No verdict was reached; the message says why, in a sentence."""


def failures(scenarios: list[tuple[dict, list[dict]]]) -> list[list[Failure]]:
    """For each (snapshot, records of its log) the claims that fail, all judged in one process. Raises NotJudged."""
    if not scenarios:
        return []
    verdicts = judged([{"run": run_of(snapshot, log), "claims": snapshot["claims"]} for snapshot, log in scenarios])
    return [
        [
            Failure(index, sentence(claim, verdict))
            for index, (claim, verdict) in enumerate(zip(snapshot["claims"], each, strict=True))
            if not verdict["holds"]
        ]
        for (snapshot, _), each in zip(scenarios, verdicts, strict=True)
    ]


def run_of(snapshot: dict, log: list[dict]) -> dict:
    """What the engine simulates for a scenario."""
    settings = {name: snapshot[name] for name in ("params", "interventions") if name in snapshot}
    return {"model": snapshot["model"], "log": log, **settings}


def judged(asked: list[dict]) -> list[list[dict]]:
    """The verdicts {holds, problem?, found} of each list of claims."""
    try:
        return json.loads(node.answer(JUDGE, asked, reads=(HERE, ENGINE), seconds=SECONDS, megabytes=MEGABYTES))
    except node.TooSlow:
        raise NotJudged(f"The claims cannot be checked: the simulation takes more than {SECONDS} seconds.") from None
    except node.BrokeOff:
        raise NotJudged("The claims cannot be checked: the simulation needs too much memory, or broke off.") from None


def sentence(claim: dict, verdict: dict) -> str:
    """Which claim fails, what was expected, and what came out."""
    told = f"the claim {claim['id']!r} fails"
    if problem := verdict.get("problem"):
        return f"{told}: {problem}"
    where = f"{claim['path']} after step {claim['at']}" if "at" in claim else claim["path"]
    expected = f"must {OPERATORS[claim['op']]} {json.dumps(claim['value'], ensure_ascii=False)}"
    return f"{told}: {where} {expected}, but what came out is {verdict['found']}"
