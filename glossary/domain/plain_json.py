"""JSON as people type it: read with a sentence for what is wrong, and held to what every part of the site can keep."""

import json
import math
import re

# As deep as the engine reads.
DEEPEST = 100
LARGEST_NUMBER = 2**53 - 1
SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_json(text: str):
    """The value that a text says. Raises ValueError with a sentence for its author."""
    try:
        return DECODER.decode(text)
    except RecursionError:
        raise ValueError("is nested too deep; keep it flatter") from None
    except json.JSONDecodeError as error:
        place = f" (line {error.lineno}, column {error.colno})" if "\n" in text else ""
        raise ValueError(
            f"{text!r:.60} is not JSON{place}: put texts in double quotes, lists in [ ] and objects in {{ }}"
        ) from None


def refuse_constant(name: str):
    raise ValueError(f"{name} is not a number that JSON can say; write a finite one")


def write_json(value, *, is_compact: bool = False) -> str:
    return (COMPACT_ENCODER if is_compact else ENCODER).encode(value)


# Made once: a log has up to a hundred thousand lines.
DECODER = json.JSONDecoder(parse_constant=refuse_constant)
ENCODER = json.JSONEncoder(ensure_ascii=False)
COMPACT_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def unfit(value, *, nulls: bool = True) -> str | None:
    """Why a JSON value cannot be kept; None where it can.

    nulls: whether null may be part of it. Content files of scenarios are TOML, which has none.
    """
    rest = [(value, 1)]
    while rest:
        item, depth = rest.pop()
        if depth > DEEPEST:
            return f"is nested deeper than {DEEPEST} levels; keep it flatter"
        if isinstance(item, dict):
            rest += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            rest += [(part, depth + 1) for part in item]
        elif reason := unfit_scalar(item, nulls):
            return reason
    return None


def unfit_scalar(item, nulls: bool) -> str | None:
    if item is None:
        return None if nulls else "holds null, which cannot be kept here; leave that part out"
    if isinstance(item, str):
        return "holds half a character (a lone surrogate); remove it" if SURROGATE.search(item) else None
    if isinstance(item, float) and not math.isfinite(item):
        return "holds a number that is not finite; write a finite one"
    if isinstance(item, int) and abs(item) > LARGEST_NUMBER:
        return f"holds {item!r:.25}; whole numbers go to {LARGEST_NUMBER}"
    return None
