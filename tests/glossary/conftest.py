"""What the tests of the dictionary share with those of the simulator."""

from tests.simulator.conftest import engine

__all__ = ["engine"]
