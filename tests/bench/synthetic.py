"""Fill a database with made-up terms: python -m tests.bench.synthetic [COUNT].

The same terms each time. They are published through the service, as people's terms are, so that
whatever it derives (revisions, spellings, links, texts, HTML) is there as on a real site.
"""

import os
import random
import sys
from collections.abc import Iterator

VOICES = ("engineer", "manager")
SEED = 20_240_229
TERMS = 10_000
CATEGORIES = 12


def words_of(text: str) -> list[str]:
    return text.split()


MODIFIERS = words_of("""
    account active archived batch billing bounded branch cached central claim cold compacted consistent
    corporate credit customer daily data default deferred delivery domain draft durable early elastic enterprise
    external final fiscal fleet global group hot idle immutable inbound initial internal invoice keyed late
    legacy ledger linked local logistics loyalty managed market master member merged mobile monthly nested
    network open optional order outbound parallel partial partner payment pending pension policy primary
    priority public quarterly raw regional relational remote replicated retail risk sales scheduled secure
    settlement shared shipping silent stale standard static stock strict supplier tenant trusted upstream vendor
    versioned volatile
""")
NOUNS = words_of("""
    access adapter agreement allocation approval archive assignment audit balance batch boundary broker bucket
    budget buffer calendar capacity catalogue change channel checkpoint claim cluster commitment confirmation
    connector contract copy correction counter coverage cursor cutover dashboard deadline delay dispatch
    document envelope exception export extract facade failover feed filter forecast gateway handler handover
    header history hook identity import index instruction interface inventory job journal key lane layer lease
    ledger lifecycle limit listener manifest mapping marker migration monitor notice outlet ownership partition
    pipeline platform plan policy pool position process profile queue quota receipt reconciliation recovery
    register release replica report request reservation retry review rollback rule schedule schema scope service
    session shard signal sink snapshot source stage statement store stream summary switch table target template
    threshold ticket token trail transfer trigger update validation view warehouse watermark window worker
    workflow zone
""")
SYLLABLES = words_of("ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo ya zu bra cle dri flo gru pla ste tri")
VERBS = words_of(
    "keeps moves names counts holds splits joins waits-for reads writes replaces follows repeats closes opens"
)
UID_ALPHABET = "bcdfghjklmnpqrstvwxz0123456789"


def labels(chance: random.Random) -> Iterator[tuple[str, ...]]:
    """The words of unlike labels without end: two of the trade, three, or one coined."""
    seen = set()
    while True:
        kind = chance.random()
        words = [chance.choice(MODIFIERS), chance.choice(NOUNS)]
        if kind < 0.3:
            words.insert(1, chance.choice(NOUNS))
        elif kind < 0.6:
            words = [coined(chance)] + words[1:] * (kind < 0.5)
        if tuple(words) not in seen and len(set(words)) == len(words):
            seen.add(tuple(words))
            yield tuple(words)


def coined(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(3, 5)))


def aliases(words: tuple[str, ...], chance: random.Random) -> list[dict]:
    """What else a term may be called; whether it is free is for the caller to see."""
    label = " ".join(words)
    place = chance.randrange(1, len(label) - 1)
    swapped = label[:place] + label[place + 1] + label[place] + label[place + 2 :]
    found = [(f"{words[-1]} of {' '.join(words[:-1])}", "synonym")] if len(words) > 1 else []
    found += [(f"{label} {chance.choice(NOUNS)}", "synonym"), (f"{label}s", "inflection"), (swapped, "misspelling")]
    return [{"text": text, "kind": kind} for text, kind in found if text != label]


def text(chance: random.Random, vocabulary: list[str], sentences: int) -> str:
    """Sentences whose words are as unevenly frequent as those of a language."""
    said = []
    for _ in range(sentences):
        words = [vocabulary[int(len(vocabulary) * chance.random() ** 3)] for _ in range(chance.randint(8, 18))]
        said.append(f"It {chance.choice(VERBS)} {' '.join(words)}.")
    return " ".join(said)


def snapshots(count: int, taken: set[tuple[str, str]]) -> Iterator[dict]:
    """Made-up terms, the voices in turn; each maps to the latest of the other voice and is related to that of its own.

    taken: (voice, spelling) of what is in the dictionary already.
    """
    language = random.Random(SEED)
    vocabulary = [coined(language) for _ in range(3000)] + MODIFIERS + NOUNS
    language.shuffle(vocabulary)
    taken, made = set(taken), 0
    latest: dict[str, list[str]] = {"engineer": [], "manager": []}
    for words in labels(language):
        if made == count:
            return
        label, (voice, other) = " ".join(words), (VOICES, VOICES[::-1])[made % 2]
        if (voice, label) in taken:
            continue
        taken.add((voice, label))
        # What is said of a term depends on its label alone, and not on which others were free.
        chance = random.Random(f"{SEED} {label}")
        free = [alias for alias in aliases(words, chance) if (voice, alias["text"]) not in taken]
        taken |= {(voice, alias["text"]) for alias in free}
        uid = "".join(chance.choices(UID_ALPHABET, k=8))
        yield {
            "uid": uid,
            "slug": f"{'-'.join(words)}-{made}",
            "label": label,
            "voice": voice,
            "category": f"made-up-{made % CATEGORIES}",
            "say": f"The {label} is checked on Mondays.",
            "avoid": f"“Just use the {label}”: it does not say for what.",
            "lines": {name: text(chance, vocabulary, 1)[:140] for name in VOICES},
            "definitions": {name: f"A {label} is made up.\n\n{text(chance, vocabulary, 6)}" for name in VOICES},
            "gap": text(chance, vocabulary, 2),
            "aliases": free,
            "mappings": [{"term": near, "kind": "close"} for near in latest[other]],
            "relations": [{"term": near, "kind": "related"} for near in latest[voice]],
            "sources": [],
        }
        latest[voice] = [uid]
        made += 1


def save_categories() -> None:
    from glossary.models import Category

    for number in range(CATEGORIES):
        shelf = {"label": f"Made up {number}", "description": "Nobody's words.", "position": 100 + number}
        Category.objects.update_or_create(slug=f"made-up-{number}", defaults=shelf)


def publish(count: int) -> None:
    """Publish the made-up terms beside what is in the dictionary already."""
    from glossary.models import Spelling
    from glossary.services.publishing import Submission, publish_terms

    save_categories()
    taken = set(Spelling.objects.values_list("voice", "key"))
    publish_terms([Submission(snapshot) for snapshot in snapshots(count, taken)])


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glossary.settings")
    django.setup()
    publish(int(sys.argv[1]) if len(sys.argv) > 1 else TERMS)


if __name__ == "__main__":
    main()
