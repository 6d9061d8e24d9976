"""A scenario as a form."""

from ..domain.parameters import read_value, write_value
from ..domain.plain_json import read_json, write_json
from ..domain.problems import Problem
from ..domain.vocabulary import VOICES
from .fields import Fields, rows_of

CLAIM_TEXTS = ("id", "path", "op", *VOICES)
NEW_ROWS: dict[str, Fields] = {"interventions": {"kind": "", "at": ""}, "claims": {"id": "", "op": "eq"}}


# --- a snapshot as fields


def fields_of(snapshot: dict, models: dict[str, dict]) -> Fields:
    """Everything that a valid snapshot says; `models` as catalogue.declared() gives them."""
    declared = models.get(snapshot["model"], {"params": {}, "interventions": {}})
    rupture = snapshot["break"]
    fields = {name: snapshot[name] for name in ("title", "slug", "model", "log")}
    fields["start"] = write_whole(snapshot, "start")
    for voice in VOICES:
        fields[f"captions/{voice}"] = snapshot["captions"][voice]
        fields[f"question/{voice}"] = snapshot["question"][voice]
        fields[f"question/answer/{voice}"] = snapshot["question"]["answer"][voice]
    fields |= under("params", params_fields(snapshot.get("params", {}), declared["params"]))
    for index, intervention in enumerate(snapshot.get("interventions", [])):
        fields |= under(f"interventions/{index}", intervention_fields(intervention, declared["interventions"]))
    fields["break/label"] = rupture["label"]
    fields["break/by"] = "intervention" if "intervention" in rupture else "params"
    if "intervention" in rupture:
        fields |= under("break/intervention", intervention_fields(rupture["intervention"], declared["interventions"]))
    else:
        fields |= under("break/params", params_fields(rupture["params"], declared["params"]))
    for index, claim in enumerate(snapshot["claims"]):
        texts = {name: claim[name] for name in CLAIM_TEXTS}
        texts |= {"at": write_whole(claim, "at"), "value": write_json(claim["value"]) if "value" in claim else ""}
        fields |= under(f"claims/{index}", texts)
    return fields


def under(path: str, fields: Fields) -> Fields:
    return {f"{path}/{name}": text for name, text in fields.items()}


def write_whole(table: dict, name: str) -> str:
    return str(table[name]) if name in table else ""


def params_fields(values: dict, declared: dict[str, dict]) -> Fields:
    return {name: write_value(value, declared[name]) for name, value in values.items() if name in declared}


def intervention_fields(intervention: dict, declared: dict[str, dict]) -> Fields:
    kind = intervention["kind"]
    fields = {"kind": kind, "at": write_whole(intervention, "at")}
    return fields | params_fields(intervention, declared.get(kind, {}))


# --- fields as a snapshot


class Reading:
    """What fields say. `snapshot` leaves out what cannot be read, and `problems` name it."""

    def __init__(self, fields: Fields, models: dict[str, dict]):
        self.fields = fields
        self.problems: list[Problem] = []
        self.declared = models.get(fields.get("model", ""), {"params": {}, "interventions": {}})
        self.snapshot = self.read()

    def tell(self, problems: list[Problem]) -> list[Problem]:
        """Problems of the snapshot as ones of the fields, which have the same paths."""
        return problems

    def text(self, path: str) -> str:
        return self.fields.get(path, "")

    def read(self) -> dict:
        snapshot: dict = {name: self.text(name) for name in ("slug", "title", "model", "log")}
        snapshot |= self.whole("start", "start", self.text("start"))
        params = self.params("params", self.below("params"), self.declared["params"])
        if params:
            snapshot["params"] = params
        interventions = [
            self.intervention(f"interventions/{index}", row)
            for index, row in enumerate(rows_of(self.fields, "interventions"))
        ]
        if interventions:
            snapshot["interventions"] = interventions
        snapshot["captions"] = self.per_voice("captions")
        snapshot["question"] = self.per_voice("question") | {"answer": self.per_voice("question/answer")}
        snapshot["break"] = self.rupture()
        rows = rows_of(self.fields, "claims")
        snapshot["claims"] = [self.claim(f"claims/{index}", row) for index, row in enumerate(rows)]
        return snapshot

    def below(self, path: str) -> Fields:
        return {
            name.removeprefix(f"{path}/"): text for name, text in self.fields.items() if name.startswith(f"{path}/")
        }

    def per_voice(self, path: str) -> dict[str, str]:
        return {voice: self.text(f"{path}/{voice}") for voice in VOICES}

    def params(self, path: str, texts: Fields, declared: dict[str, dict]) -> dict:
        """The parameters that were given a value; one that is left empty has the model's default."""
        values = {}
        for name, text in texts.items():
            if name in declared and text.strip():
                values |= self.attempt(path, name, text, lambda text, name=name: read_value(text, declared[name]))
        return values

    def intervention(self, path: str, texts: Fields) -> dict:
        kind = texts.get("kind", "")
        at = self.whole(path, "at", texts.get("at", ""))
        return {"kind": kind} | at | self.params(path, texts, self.declared["interventions"].get(kind, {}))

    def rupture(self) -> dict:
        rupture: dict = {"label": self.text("break/label")}
        if self.text("break/by") == "intervention":
            rupture["intervention"] = self.intervention("break/intervention", self.below("break/intervention"))
        else:
            rupture["params"] = self.params("break/params", self.below("break/params"), self.declared["params"])
        return rupture

    def claim(self, path: str, texts: Fields) -> dict:
        claim: dict = {name: texts.get(name, "") for name in CLAIM_TEXTS}
        claim |= self.whole(path, "at", texts.get("at", ""))
        if text := texts.get("value", "").strip():
            claim |= self.attempt(path, "value", text, read_json)
        return claim

    def whole(self, path: str, name: str, text: str) -> dict:
        """A number of steps or records, where one was given."""
        text = text.strip()
        return self.attempt(path, name, text, read_whole) if text else {}

    def attempt(self, path: str, name: str, text: str, read) -> dict:
        try:
            return {name: read(text)}
        except ValueError as error:
            self.problems.append(Problem(name if path == name else f"{path}/{name}", str(error)))
            return {}


def read_whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise ValueError(f"{text!r:.60} must be a whole number, 0 or more")
    return int(text)
