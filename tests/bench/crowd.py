"""Fill a database with people and what they would have written in years: python -m tests.bench.crowd. Prints JSON.

The texts are the dictionary's own with a word changed, so that they are as long as real ones.
"""

import json
import os
from datetime import timedelta

EDITORS = 10
FEW, MANY_REVISIONS, MANY_PROPOSALS = 10, 5_000, 2_000
LONG = 50_000
# Terms of the shipped dictionary that the figures are about.
OFTEN_EDITED, SELDOM_EDITED, LONG_WINDED = "compaction", "retention", "kafka"


def person(name: str, role: str):
    from django.contrib.auth.models import Group

    from glossary.models import User

    made = User.objects.create_user(name, f"{name}@example.org")
    made.groups.add(Group.objects.get(name=role))
    return made


def add_revisions(slug: str, count: int, author) -> None:
    """Give a term so many revisions. They are written as rows: publishing thousands one by one would take minutes."""
    from glossary.models import Revision, Term

    term = Term.objects.select_related("current").get(slug=slug)
    first = term.current
    rows = [
        Revision(
            term=term,
            number=number,
            snapshot=first.snapshot | {"say": f"{first.snapshot['say']} Draft {number}."},
            html=first.html,
            change="wording" if number % 7 else "meaning",
            note=f"Reworded for the {number}th time.",
            origin="person",
            author=author,
            published_at=first.published_at + timedelta(minutes=number),
        )
        for number in range(first.number + 1, count + 1)
    ]
    Revision.objects.bulk_create(rows, batch_size=200)
    term.current = Revision.objects.get(term=term, number=count)
    term.save(update_fields=["current"])


def add_proposals(count: int, author) -> None:
    from glossary.models import Term
    from glossary.services.proposing import Change, propose

    terms = list(Term.objects.published().select_related("current"))
    for number in range(count):
        term = terms[number % len(terms)]
        text = f"{term.current.snapshot['gap']} Proposed for the {number}th time."
        change = Change("term", term.current.snapshot | {"gap": text}, term.current.number, note=f"Reason {number}.")
        propose(change, by=author)


def add_long_texts(author) -> list[int]:
    """The numbers of two revisions of 50 kB that differ throughout."""
    from glossary.models import Term
    from glossary.services.publishing import publish_term

    snapshot = Term.objects.select_related("current").get(slug=LONG_WINDED).current.snapshot
    numbers = []
    for word in ("leaves", "rejects"):
        sentences = (f"Record {n} of the log {word} what record {n // 2} said of it. " for n in range(LONG))
        text = ""
        while len(text) < LONG - 200:
            text += next(sentences)
        definitions = snapshot["definitions"] | {"engineer": text}
        numbers.append(publish_term(snapshot=snapshot | {"definitions": definitions}, by=author).number)
    return numbers


def fill() -> dict:
    """{"member", "curators"}: the session cookies of people who are signed in; {"long"}: two revisions to compare."""
    from tests.sessions import session_of

    member = person("member-of-bench", "member")
    curators = [person(f"editor-{number}", "curator") for number in range(EDITORS)]
    add_revisions(SELDOM_EDITED, FEW, curators[0])
    add_revisions(OFTEN_EDITED, MANY_REVISIONS, curators[0])
    long = add_long_texts(curators[0])
    add_proposals(FEW, member)
    return {"member": session_of(member), "curators": [session_of(one) for one in curators], "long": long}


def main() -> None:
    import sys

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glossary.settings")
    django.setup()
    if sys.argv[1:] == ["proposals"]:
        from glossary.models import User

        add_proposals(MANY_PROPOSALS - FEW, User.objects.get(username="member-of-bench"))
    else:
        print(json.dumps(fill()))  # what the bench reads


if __name__ == "__main__":
    main()
