"""Writing the published state back into content files, in their one canonical form."""

from pathlib import Path

from simulator.models import SampleLog, Scenario

from ..domain.content_file import read_term, write_categories, write_log, write_scenario, write_term
from ..models import Category, Term
from . import own_log


def dump(folders: list[Path]) -> list[Path]:
    """Write every published term, scenario and sample log; the paths written.

    What has a file already is written where it is; what is new goes into the last folder.
    A renamed term's old file is removed.
    """
    categories = [
        {"slug": category.slug, "label": category.label, "description": category.description}
        for category in Category.objects.all()
    ]
    written = [write(folders, Path("categories.toml"), write_categories(categories))]
    written += [
        write(folders, Path("logs") / f"{log.slug}.jsonl", write_log(newest(log)))
        for log in SampleLog.objects.exclude(slug=own_log.SLUG).prefetch_related("revisions")
    ]
    written += [
        write(folders, Path("scenarios") / f"{scenario.slug}.toml", write_scenario(newest(scenario)))
        for scenario in Scenario.objects.prefetch_related("revisions")
    ]
    slugs = dict(Term.objects.values_list("uid", "slug"))
    terms = {}
    for term in Term.objects.published().select_related("current"):
        text = write_term(with_slugs(term.current.snapshot, slugs))
        terms[term.uid] = write(folders, Path("terms") / f"{term.slug}.md", text)
    remove_renamed(folders, terms)
    return [*written, *terms.values()]


def newest(row) -> dict:
    return list(row.revisions.all())[-1].snapshot


def with_slugs(snapshot: dict, slugs: dict[str, str]) -> dict:
    """A snapshot as its file says it: links name terms by their current slug."""
    data = dict(snapshot)
    for name in ("mappings", "relations"):
        if name in snapshot:
            data[name] = [link | {"term": slugs[link["term"]]} for link in snapshot[name]]
    return data


def write(folders: list[Path], name: Path, text: str) -> Path:
    path = next((folder / name for folder in folders if (folder / name).exists()), folders[-1] / name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, newline="\n")
    return path


def remove_renamed(folders: list[Path], written: dict[str, Path]) -> None:
    for folder in folders:
        for path in (folder / "terms").glob("*.md"):
            file = read_term(path.read_text(), path.stem)
            uid = file.data.get("uid") if file.data else None
            if uid in written and written[uid] != path:
                path.unlink()
