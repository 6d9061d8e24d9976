"""Plain data as EDN, Clojure's notation: so that an idea in Clojure finds its log as Clojure would write it."""

import json
import re

KEYWORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def write_edn(value) -> str:
    """JSON-like data as EDN; a name of a table is a keyword where it can be one, and a text elsewhere."""
    match value:
        case dict():
            pairs = (f"{write_name(name)} {write_edn(item)}" for name, item in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{' '.join(map(write_edn, value))}]"
        case None:
            return "nil"
        case _:
            # Numbers, booleans and texts are written as in JSON, whose escapes EDN reads too.
            return json.dumps(value, ensure_ascii=False)


def write_name(name: str) -> str:
    return f":{name}" if KEYWORD.fullmatch(name) else write_edn(name)
