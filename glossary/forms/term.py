"""A term as a form."""

from ..domain.snapshot import CODE_LANGUAGES, text_at
from ..domain.vocabulary import VOICES, other_voice
from .fields import Fields, rows_of, with_rows
from .names import Names

LINES = ("label", "slug", "voice", "category", "say", "avoid", *(f"lines/{voice}" for voice in VOICES), "code/path")
TEXTS = (
    *(f"definitions/{voice}" for voice in VOICES),
    "gap",
    *(f"code/{language}" for language in CODE_LANGUAGES),
)
# The fields of a row, by list; what a new row begins with.
NEW_ROWS: dict[str, Fields] = {
    "aliases": {"text": "", "kind": "synonym", "note": ""},
    "mappings": {"term": "", "kind": "close", "note": ""},
    "relations": {"term": "", "kind": "related", "note": ""},
    "scenarios": {"slug": "", "caption": ""},
    "sources": {"title": "", "url": ""},
}


def fields_of(snapshot: dict, names: Names) -> Fields:
    """Everything that a snapshot says."""
    fields = {path: text_at(snapshot, path) for path in (*LINES, *TEXTS)}
    captions = snapshot.get("captions", {})
    lists = {name: snapshot.get(name, []) for name in ("aliases", "sources")}
    lists |= {
        name: [link | {"term": names.word(link["term"], voice)} for link in snapshot.get(name, [])]
        for name, voice in link_voices(snapshot["voice"]).items()
    }
    lists["scenarios"] = [{"slug": slug, "caption": captions.get(slug, "")} for slug in snapshot.get("scenarios", [])]
    for name, row in NEW_ROWS.items():
        rows = [{key: item.get(key, "") for key in row} for item in lists[name]]
        fields = with_rows(fields, name, rows)
    return fields


def snapshot_of(fields: Fields, names: Names, *, uid: str) -> dict:
    """What fields say, with nothing left out: what cannot be is for the checks of a snapshot to name.

    Optional parts that are empty are left out, as in content files; blanks around a text are too.
    """
    text = {path: fields.get(path, "").strip() for path in LINES}
    text |= {path: fields.get(path, "").strip("\n").rstrip() for path in TEXTS}
    voices = link_voices(text["voice"])
    rows = {name: [tidied(row) for row in filled_rows(fields, name)] for name in NEW_ROWS}
    optional = {
        "scenarios": [row["slug"] for row in rows["scenarios"]],
        "captions": {row["slug"]: row["caption"] for row in rows["scenarios"] if row["caption"]},
        "aliases": [without_empty(row, "note") for row in rows["aliases"]],
        **{
            name: [without_empty(row | {"term": names.uid(row["term"], voice)}, "note") for row in rows[name]]
            for name, voice in voices.items()
        },
        "sources": rows["sources"],
        "code": {part: text[f"code/{part}"] for part in ("path", *CODE_LANGUAGES) if text[f"code/{part}"]},
    }
    return {
        "uid": uid,
        **{name: text[name] for name in ("slug", "label", "voice", "category", "say", "avoid")},
        "lines": {voice: text[f"lines/{voice}"] for voice in VOICES},
        "definitions": {voice: text[f"definitions/{voice}"] for voice in VOICES},
        "gap": text["gap"],
        **{name: value for name, value in optional.items() if value},
    }


def link_voices(voice: str) -> dict[str, str]:
    """The voice of the terms that each list of links leads to; a voice that is none is taken for an engineer's."""
    own = voice if voice in VOICES else VOICES[0]
    return {"mappings": other_voice(own), "relations": own}


def filled_rows(fields: Fields, name: str) -> list[Fields]:
    """The rows in which something was typed, with all their fields. A kind alone says nothing."""
    empty = {key: "" for key in NEW_ROWS[name]}
    rows = [empty | {key: row[key] for key in row if key in empty} for row in rows_of(fields, name)]
    return [row for row in rows if any(text.strip() for key, text in row.items() if key != "kind")]


def compact(fields: Fields) -> Fields:
    """The fields without rows in which nothing was typed, so that their numbers are those of the snapshot."""
    for name in NEW_ROWS:
        fields = with_rows(fields, name, filled_rows(fields, name))
    return fields


def named_terms(fields: Fields) -> list[str]:
    """What was typed where a term is asked for."""
    return [row["term"] for name in ("mappings", "relations") for row in filled_rows(fields, name)]


def linked_uids(*snapshots: dict | None) -> set[str]:
    return {
        link["term"]
        for snapshot in snapshots
        for name in ("mappings", "relations")
        for link in (snapshot or {}).get(name, [])
    }


def tidied(row: Fields) -> Fields:
    return {key: text.strip() for key, text in row.items()}


def without_empty(row: Fields, name: str) -> Fields:
    return {key: text for key, text in row.items() if text or key != name}


def field_at(path: str, snapshot: dict) -> str:
    """The name of the field that a problem's path is about: "" where it has none, a list's name for the whole list."""
    head, _, rest = path.partition("/")
    if head == "captions" and rest in snapshot.get("scenarios", []):
        return f"scenarios/{snapshot['scenarios'].index(rest)}/caption"
    if path in LINES or path in TEXTS or path in NEW_ROWS:
        return path
    if head not in NEW_ROWS:
        return ""
    index, _, key = rest.partition("/")
    return f"{head}/{index}/{key or next(iter(NEW_ROWS[head]))}"
