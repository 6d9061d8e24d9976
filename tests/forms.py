"""What a browser sends that opened the form of a term."""

from glossary.forms.names import names_of
from glossary.forms.term import fields_of, linked_uids

WHY = {"change": "meaning", "note": "It says more."}


def form_of(term, **changes) -> dict:
    """What a browser sends that opened the form now and changed some fields."""
    snapshot = term.current.snapshot
    fields = fields_of(snapshot, names_of(linked_uids(snapshot), []))
    changed = {name.replace("__", "/"): value for name, value in changes.items()}
    return fields | {"base_revision": str(term.current.number)} | WHY | changed
