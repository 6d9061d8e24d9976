"""Reading content folders: every file parsed, every problem with its file and line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ..domain.content_file import ContentFile, read_categories, read_log, read_scenario, read_term

READERS: dict[str, tuple[str, Callable]] = {
    "logs": (".jsonl", read_log),
    "scenarios": (".toml", read_scenario),
    "terms": (".md", read_term),
}


class ContentInvalid(ValueError):
    """Content files that cannot be loaded; `problems` are lines like `terms/log.md:7: voice: …`."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Source:
    """One content file: where it is, what it says, and the digest of its bytes."""

    path: Path
    folder: Path
    digest: str
    content: ContentFile

    @property
    def slug(self) -> str:
        return self.content.slug

    @property
    def data(self) -> dict:
        return self.content.data

    def complaint(self, path: str, message: str) -> str:
        place = f"{self.path.relative_to(self.folder)}:{self.content.line_of(path)}"
        return f"{place}: {path}: {message}" if path else f"{place}: {message}"


@dataclass
class Content:
    """All the files of some folders, by kind; a folder later in the list adds to those before."""

    categories: list[Source]
    logs: list[Source]
    scenarios: list[Source]
    terms: list[Source]


def read_folders(folders: Iterable[Path]) -> Content:
    """Read and parse everything. Raises ContentInvalid with every problem of every file."""
    complaints: list[str] = []
    content = Content([], [], [], [])
    for folder in folders:
        if not folder.is_dir():
            complaints.append(f"{folder}: there is no such folder")
            continue
        if (folder / "categories.toml").exists():
            source = read_file(folder / "categories.toml", folder, lambda text, slug: read_categories(text), complaints)
            content.categories += [source] if source else []
        for kind, (suffix, reader) in READERS.items():
            for path in sorted((folder / kind).glob(f"*{suffix}")):
                source = read_file(path, folder, reader, complaints)
                if source:
                    getattr(content, kind).append(source)
    for kind in READERS:
        complaints += duplicates(getattr(content, kind))
    if complaints:
        raise ContentInvalid(complaints)
    return content


def read_file(path: Path, folder: Path, reader: Callable, complaints: list[str]) -> Source | None:
    raw = path.read_bytes()
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        complaints.append(f"{path.relative_to(folder)}:{line}: is not UTF-8 text")
        return None
    file = reader(text.replace("\r\n", "\n"), path.stem)
    source = Source(path, folder, sha256(raw).hexdigest(), file)
    complaints += [source.complaint(place, message) for place, message in file.problems]
    return source if file.data is not None and not file.problems else None


def duplicates(sources: list[Source]) -> Iterable[str]:
    seen: dict[str, Source] = {}
    for source in sources:
        first = seen.setdefault(source.slug, source)
        if first is not source:
            yield source.complaint("", f"the slug {source.slug!r} is already used by {first.path}")
