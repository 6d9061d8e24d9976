"""Snapshots: everything that a term, a scenario or a sample log says, as plain data, and what makes one valid.

A term refers to other terms by uid, so that links survive a rename. Checks here need no
database; whether references resolve and spellings are free is checked where it is known.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from .matching import spelling_key
from .parameters import MOST_INTERVENTIONS, intervention_problems, param_problems
from .plain_json import LARGEST_NUMBER, unfit, write_json
from .problems import Problem
from .vocabulary import (
    ALIAS_KINDS,
    CLAIM_OPERATORS,
    MAPPING_KINDS,
    RELATION_KINDS,
    RESERVED_SLUGS,
    VOICES,
)

UID = re.compile(r"[b-df-hj-np-tv-z0-9]{8}")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_TEXT = 60_000
LONGEST_LINE = 140
MOST_ITEMS = 200
LINE_BREAK = re.compile(r"[\r\n]")
# Half a character of a pair (a surrogate) is none that a database or a file can keep.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Checker:
    """Collects problems while a snapshot is walked."""

    def __init__(self):
        self.problems: list[Problem] = []

    def report(self, path: str, message: str) -> None:
        self.problems.append(Problem(path, message))

    def fields(self, value, path: str, required: tuple, optional: tuple = ()) -> bool:
        if not isinstance(value, dict):
            self.report(path, "must be a table of fields")
            return False
        for name in value.keys() - {*required, *optional}:
            known = ", ".join((*required, *optional))
            self.report(join(path, name), f"unknown field {name!r}; known are {known}")
        missing = [name for name in required if name not in value]
        for name in missing:
            self.report(join(path, name), f"{name} is missing")
        return not missing

    def text(self, value, path: str, *, longest: int, single_line: bool = True, blank: bool = False) -> bool:
        if not isinstance(value, str):
            self.report(path, f"{value!r:.60} must be text")
        elif not blank and not value.strip():
            self.report(path, "must not be empty")
        elif len(value) > longest:
            self.report(path, f"has {len(value)} characters; the most is {longest}")
        elif CONTROL.search(value) or (single_line and LINE_BREAK.search(value)):
            self.report(path, "holds a line break or control character; remove it")
        else:
            return True
        return False

    def word(self, value, path: str, words: tuple) -> None:
        if value not in words:
            self.report(path, f"{value!r:.60} is not one of {', '.join(words)}")

    def slug(self, value, path: str) -> None:
        if not isinstance(value, str) or not SLUG.fullmatch(value) or len(value) > 100:
            self.report(path, f"{value!r:.60} must be lower-case letters, digits and single hyphens")
        elif value in RESERVED_SLUGS:
            self.report(path, f"{value!r} is an address of the site; choose another")

    def items(self, value, path: str, check: Callable, *, most: int | None = None) -> None:
        if not isinstance(value, list):
            self.report(path, "must be a list")
            return
        if most is not None and len(value) > most:
            self.report(path, f"has {len(value)} entries; the most is {most}")
            return
        for index, item in enumerate(value):
            check(item, join(path, str(index)))

    def per_voice(self, value, path: str, *, longest: int, single_line: bool = True) -> None:
        if not isinstance(value, dict):
            self.report(path, "must have an engineer and a manager text")
            return
        for name in value.keys() - set(VOICES):
            self.report(join(path, name), f"unknown voice {name!r}; known are {', '.join(VOICES)}")
        for voice in VOICES:
            if voice not in value:
                self.report(join(path, voice), f"the {voice} voice is missing")
            else:
                self.text(value[voice], join(path, voice), longest=longest, single_line=single_line)


def join(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


TERM_REQUIRED = ("uid", "slug", "label", "voice", "category", "say", "avoid", "lines", "definitions", "gap")
TERM_OPTIONAL = ("scenarios", "captions", "aliases", "mappings", "relations", "sources", "code")
# The languages in which a term may show its idea.
CODE_LANGUAGES = ("python", "clojure")


def term_problems(snapshot: dict) -> list[Problem]:
    """Everything that is wrong with a term's snapshot by itself."""
    check = Checker()
    if not check.fields(snapshot, "", TERM_REQUIRED, TERM_OPTIONAL):
        return check.problems
    if not isinstance(snapshot["uid"], str) or not UID.fullmatch(snapshot["uid"]):
        check.report("uid", f"{snapshot['uid']!r:.60} must be 8 lower-case consonants and digits")
    check.slug(snapshot["slug"], "slug")
    check.text(snapshot["label"], "label", longest=100)
    check.word(snapshot["voice"], "voice", VOICES)
    check.slug(snapshot["category"], "category")
    check.text(snapshot["say"], "say", longest=400)
    check.text(snapshot["avoid"], "avoid", longest=400)
    check.per_voice(snapshot["lines"], "lines", longest=LONGEST_LINE)
    check.per_voice(snapshot["definitions"], "definitions", longest=LONGEST_TEXT, single_line=False)
    check.text(snapshot["gap"], "gap", longest=LONGEST_TEXT, single_line=False)
    check_scenarios(check, snapshot)
    check_code(check, snapshot.get("code", {}))
    check.items(
        snapshot.get("aliases", []), "aliases", lambda item, path: check_alias(check, item, path), most=MOST_ITEMS
    )
    for name, kinds in (("mappings", MAPPING_KINDS), ("relations", RELATION_KINDS)):
        links = snapshot.get(name, [])
        check.items(links, name, lambda item, path, kinds=kinds: check_link(check, item, path, kinds), most=MOST_ITEMS)
        check_each_once(check, links, name, "term", snapshot["uid"])
    check.items(
        snapshot.get("sources", []), "sources", lambda item, path: check_source(check, item, path), most=MOST_ITEMS
    )
    check_spellings(check, snapshot)
    return check.problems


def check_scenarios(check: Checker, snapshot: dict) -> None:
    scenarios = snapshot.get("scenarios", [])
    check.items(scenarios, "scenarios", check.slug, most=MOST_ITEMS)
    named = scenarios[:MOST_ITEMS] if isinstance(scenarios, list) else []
    for index, slug in enumerate(named):
        if slug in named[:index]:
            check.report(f"scenarios/{index}", f"{slug!r:.60} is chosen twice")
    captions = snapshot.get("captions", {})
    if not isinstance(captions, dict):
        check.report("captions", "must be a table of scenario and caption")
        return
    for slug, caption in captions.items():
        check.text(caption, f"captions/{slug}", longest=400)
        if not isinstance(scenarios, list) or slug not in scenarios:
            check.report(f"captions/{slug}", f"{slug!r} is not among the term's scenarios")


def check_code(check: Checker, code) -> None:
    if not check.fields(code, "code", (), ("path", *CODE_LANGUAGES)):
        return
    for language in code.keys() - {"path"}:
        check.text(code[language], f"code/{language}", longest=LONGEST_TEXT, single_line=False)
    if code and "path" not in code:
        check.report("code/path", "path is missing: the part of the figure's outcome that the code prints")
    elif code and check.text(code["path"], "code/path", longest=200) and not code["path"].startswith("/result"):
        check.report("code/path", f"{code['path']!r} must be a JSON Pointer that begins with /result")


def check_alias(check: Checker, item, path: str) -> None:
    if check.fields(item, path, ("text", "kind"), ("note",)):
        check.text(item["text"], f"{path}/text", longest=100)
        check.word(item["kind"], f"{path}/kind", ALIAS_KINDS)
        check.text(item.get("note", ""), f"{path}/note", longest=400, blank=True)
        if item["kind"] == "discouraged" and not item.get("note"):
            check.report(f"{path}/kind", "a discouraged alias needs a note that says why")


def check_link(check: Checker, item, path: str, kinds: tuple) -> None:
    if check.fields(item, path, ("term", "kind"), ("note",)):
        if not isinstance(item["term"], str):
            check.report(f"{path}/term", f"{item['term']!r:.60} must name a term")
        check.word(item["kind"], f"{path}/kind", kinds)
        check.text(item.get("note", ""), f"{path}/note", longest=400, blank=True)


def check_source(check: Checker, item, path: str) -> None:
    if not check.fields(item, path, ("title", "url")):
        return
    check.text(item["title"], f"{path}/title", longest=200)
    if check.text(item["url"], f"{path}/url", longest=500):
        try:
            parts = urlsplit(item["url"])
            is_web_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            is_web_address = False
        if not is_web_address:
            check.report(f"{path}/url", f"{item['url']!r:.60} must be an http or https address")


def check_each_once(check: Checker, items, path: str, field: str, own: str) -> None:
    seen = set()
    for index, item in enumerate(items if isinstance(items, list) and len(items) <= MOST_ITEMS else []):
        value = item.get(field) if isinstance(item, dict) else None
        if value == own:
            check.report(f"{path}/{index}/{field}", "a term cannot be linked with itself")
        if isinstance(value, str):
            if value in seen:
                check.report(f"{path}/{index}/{field}", "this term is named twice")
            seen.add(value)


def check_spellings(check: Checker, snapshot: dict) -> None:
    """Label and aliases of one term must differ from each other as they are compared."""
    seen = {}
    for path, text in spellings_by_path(snapshot):
        if not isinstance(text, str) or not text.strip():
            continue
        key = spelling_key(text)
        if not key:
            check.report(path, f"{text!r:.60} holds no letter or digit")
        elif len(key) > 100:
            check.report(path, f"{text!r:.60} has {len(key)} characters when it is compared; the most is 100")
        elif key in seen:
            check.report(path, f"{text!r:.60} is the same spelling as {seen[key]!r:.60}")
        seen.setdefault(key, text)


def spellings_by_path(snapshot: dict):
    yield "label", snapshot["label"]
    aliases = snapshot.get("aliases", [])
    for index, alias in enumerate(aliases if isinstance(aliases, list) else []):
        if isinstance(alias, dict) and "text" in alias:
            yield f"aliases/{index}/text", alias["text"]


def spelling_keys(snapshot: dict) -> set[str]:
    """Everything that a term is called, as spellings are compared."""
    return {spelling_key(text) for _, text in spellings_by_path(snapshot)}


def text_at(snapshot: dict, path: str) -> str:
    """The text at a path such as `lines/engineer`; empty where there is none."""
    value = snapshot
    for name in path.split("/"):
        value = value.get(name, {})
    return value or ""


def put_text(snapshot: dict, path: str, text: str) -> None:
    name, _, rest = path.partition("/")
    if rest:
        put_text(snapshot.setdefault(name, {}), rest, text)
    else:
        snapshot[name] = text


def implied_change(before: dict | None, after: dict) -> str:
    """`meaning` if a definition, a line or the gap differs, else `wording`: for changes that nobody classified."""
    if before is None:
        return "meaning"
    said = ("label", "lines", "definitions", "gap")
    return "meaning" if any(before.get(name) != after.get(name) for name in said) else "wording"


SCENARIO_REQUIRED = ("slug", "title", "model", "log", "captions", "question", "break", "claims")
SCENARIO_OPTIONAL = ("start", "params", "interventions")
MOST_CLAIMS = 50
# No run that a browser makes is longer.
LAST_STEP = 5_000_000
POINTER = re.compile(r"/(result|checks|scene)(/|$)")
LONGEST_POINTER = 300
LONGEST_VALUE = 10_000


def scenario_problems(snapshot: dict, models: dict[str, dict]) -> list[Problem]:
    """Everything that is wrong with a scenario by itself.

    `models` maps a model's id to what it declares, as catalogue.declared() gives it:
    {"params": {name: declaration}, "interventions": {kind: {name: declaration}}}.
    """
    check = Checker()
    if not check.fields(snapshot, "", SCENARIO_REQUIRED, SCENARIO_OPTIONAL):
        return check.problems
    check.slug(snapshot["slug"], "slug")
    check.text(snapshot["title"], "title", longest=120)
    check.slug(snapshot["log"], "log")
    check.per_voice(snapshot["captions"], "captions", longest=600)
    check_question(check, snapshot["question"])
    start = snapshot.get("start", 0)
    check_step(check, start, "start")
    model = models.get(snapshot["model"]) if isinstance(snapshot["model"], str) else None
    if model is None:
        check.report("model", f"{snapshot['model']!r:.60} is not one of {', '.join(models)}")
    else:
        check_settings(check, snapshot, model)
    check_claims(check, snapshot["claims"])
    return check.problems


def check_step(check: Checker, value, path: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LAST_STEP:
        check.report(path, f"{value!r:.60} must be a step: a whole number from 0 to {LAST_STEP}")


def check_settings(check: Checker, snapshot: dict, model: dict) -> None:
    def intervention(value, path):
        check.problems += intervention_problems(value, model["interventions"], path)

    check.problems += param_problems(snapshot.get("params", {}), model["params"], "params")
    interventions = snapshot.get("interventions", [])
    if isinstance(interventions, list) and len(interventions) > MOST_INTERVENTIONS:
        check.report("interventions", f"has {len(interventions)} interventions; the most is {MOST_INTERVENTIONS}")
    else:
        check.items(interventions, "interventions", intervention)
    if check.fields(snapshot["break"], "break", ("label",), ("intervention", "params")):
        check.text(snapshot["break"]["label"], "break/label", longest=80)
        if ("intervention" in snapshot["break"]) == ("params" in snapshot["break"]):
            check.report("break", "needs either an intervention or params")
        elif "intervention" in snapshot["break"]:
            intervention(snapshot["break"]["intervention"], "break/intervention")
        else:
            check.problems += param_problems(snapshot["break"]["params"], model["params"], "break/params")


def check_question(check: Checker, question) -> None:
    if check.fields(question, "question", (*VOICES, "answer")):
        check.per_voice({voice: question[voice] for voice in VOICES}, "question", longest=400)
        check.per_voice(question["answer"], "question/answer", longest=600)


def check_claims(check: Checker, claims) -> None:
    if isinstance(claims, list) and len(claims) > MOST_CLAIMS:
        check.report("claims", f"has {len(claims)} claims; the most is {MOST_CLAIMS}")
        return
    check.items(claims, "claims", lambda item, path: check_claim(check, item, path))
    seen = set()
    for index, claim in enumerate(claims if isinstance(claims, list) else []):
        id = claim.get("id") if isinstance(claim, dict) else None
        if isinstance(id, str) and id in seen:
            check.report(f"claims/{index}/id", f"{id!r:.60} is the name of another claim here too; choose another")
        seen.add(id if isinstance(id, str) else None)


def check_claim(check: Checker, claim, path: str) -> None:
    if not check.fields(claim, path, ("id", "path", "op", "value", *VOICES), ("at",)):
        return
    check.slug(claim["id"], f"{path}/id")
    check.word(claim["op"], f"{path}/op", CLAIM_OPERATORS)
    pointer = claim["path"]
    if check.text(pointer, f"{path}/path", longest=LONGEST_POINTER) and not POINTER.match(pointer):
        check.report(f"{path}/path", f"{pointer!r:.60} must be a JSON Pointer that begins /result, /checks or /scene")
    check_step(check, claim.get("at", 0), f"{path}/at")
    check_claim_value(check, claim["op"], claim["value"], f"{path}/value")
    for voice in VOICES:
        check.text(claim[voice], f"{path}/{voice}", longest=300)


def check_claim_value(check: Checker, op, value, path: str) -> None:
    if reason := unfit(value, nulls=False):
        check.report(path, reason)
    elif len(text := write_json(value)) > LONGEST_VALUE:
        check.report(path, f"has {len(text)} characters; the most is {LONGEST_VALUE}")
    elif op == "length" and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        check.report(path, f"{text:.60} must be a whole number, as a length is one")
    elif op in ("lt", "le", "gt", "ge") and (not isinstance(value, int | float | str) or isinstance(value, bool)):
        check.report(path, f"{text:.60} must be a number or a text, as only those are less or greater")


LOG_REQUIRED = ("slug", "title", "description", "records")
RECORD_REQUIRED = ("time", "key", "type", "value")
MOST_RECORDS = 100_000
# The last moment that a browser's clock knows, in milliseconds.
LAST_TIME = 8_640_000_000_000_000
LARGEST_RECORD = 100_000


def log_problems(snapshot: dict) -> list[Problem]:
    """Everything that is wrong with a sample log."""
    check = Checker()
    if not check.fields(snapshot, "", LOG_REQUIRED):
        return check.problems
    check.slug(snapshot["slug"], "slug")
    check.text(snapshot["title"], "title", longest=120)
    check.text(snapshot["description"], "description", longest=1000)
    if isinstance(snapshot["records"], list) and len(snapshot["records"]) > MOST_RECORDS:
        check.report("records", f"{len(snapshot['records'])} records; the most is {MOST_RECORDS}")
    else:
        check.items(snapshot["records"], "records", lambda item, path: check_record(check, item, path))
        check_offsets(check, snapshot["records"] if isinstance(snapshot["records"], list) else [])
    return check.problems


def check_record(check: Checker, record, path: str) -> None:
    if not check.fields(record, path, RECORD_REQUIRED, ("offset", "size")):
        return
    for name, most in (("time", LAST_TIME), ("offset", LARGEST_NUMBER), ("size", LARGEST_NUMBER)):
        value = record.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            check.report(f"{path}/{name}", f"{value!r:.60} must be a whole number from 0 to {most}")
    if record["key"] is not None:
        check.text(record["key"], f"{path}/key", longest=200, blank=True)
    check.text(record["type"], f"{path}/type", longest=100)
    if reason := unfit(record["value"]):
        check.report(f"{path}/value", reason)
    elif len(text := write_json(record["value"])) > LARGEST_RECORD:
        check.report(f"{path}/value", f"has {len(text)} characters; the most is {LARGEST_RECORD}")


def check_offsets(check: Checker, records: list) -> None:
    """Offsets must rise; a record without one takes the next after the record before it."""
    free = 0
    for index, record in enumerate(records):
        offset = record.get("offset", free) if isinstance(record, dict) else free
        if not isinstance(offset, int):
            continue
        if offset < free:
            check.report(f"records/{index}/offset", f"{offset} must be {free} or more: offsets rise")
        free = max(free, offset) + 1
