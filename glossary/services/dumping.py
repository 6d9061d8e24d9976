"""Writing the published state back into content files, in their one canonical form."""

from pathlib import Path

from simulator.models import SampleLog, Scenario

from ..domain.content_file import read_categories, read_term, write_categories, write_log, write_scenario, write_term
from ..models import Category, Term
from . import own_log


def dump(folders: list[Path]) -> list[Path]:
    """Write every published term, scenario and sample log; the paths written.

    What has a file already is written where it is; what is new goes into the last folder.
    A renamed term's old file is removed.
    """
    written = dump_categories(folders)
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


def dump_categories(folders: list[Path]) -> list[Path]:
    """Each category into the file that has it already, new ones into the last folder's."""
    paths = [folder / "categories.toml" for folder in folders]
    homes = {slug: path for path in paths if path.exists() for slug in category_slugs(path)}
    rows: dict[Path, list[dict]] = {}
    for category in Category.objects.all():
        row = {"slug": category.slug, "label": category.label, "description": category.description}
        rows.setdefault(homes.get(category.slug, paths[-1]), []).append(row)
    for path, categories in rows.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_categories(categories), newline="\n")
    return list(rows)


def category_slugs(path: Path) -> list[str]:
    data = read_categories(path.read_text()).data
    return [row.get("slug") for row in data.get("categories", [])] if data else []


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
