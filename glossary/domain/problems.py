"""What is wrong with something that was submitted, said so that its author can mend it."""

from typing import NamedTuple


class Problem(NamedTuple):
    """`path` names the field ("aliases/0/kind"), `message` the value and the way out."""

    path: str
    message: str


class Invalid(ValueError):
    """A submission that cannot be published; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(f"{path}: {message}" for path, message in problems))
        self.problems = problems
