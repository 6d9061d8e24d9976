"""What of a document is prose: the same text with everything else masked, character for character.

Code, front matter, comments, addresses and alternative texts are masked; headings and the texts of links stay. A mask
is no part of a word and joins no two words, so what is found in a masked text stands at the same place in the document.
Every pattern looks at one line at most, or at text without its own delimiters, so the time grows with the length.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator

MASK = "\0"
SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".rst": "rst",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
    ".txt": "text",
}

ADDRESS = re.compile(r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}://[^\s<>\"')\]]+|\bwww\.[^\s<>\"')\]]+", re.I)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# Names of things in programs: with an underscore, with a capital after a small letter, or quoted and with a sign in.
NAME = re.compile(
    r"(?<!\w)[^\W_]*_\w*|(?<!\w)[^\W\d_]*?[^\W\d_A-Z][A-Z]\w*"
    r"|(?<=[\"“‘'])[^\W_]+(?:[._/-][^\W_]+)+(?=[\"”’'])"
)

# A line as it is read: its text, masked, and whether a phrase may go on in the next line.
Line = tuple[str, bool]


def masked(text: str, format: str) -> str:
    """The text of a document (a key of FORMATS) with all that is no prose masked. Its length stays."""
    parts = []
    for line, goes_on in FORMATS[format](text.split("\n")):
        parts += (line, "\n" if goes_on else MASK)
    joined = "".join(parts[:-1])
    for pattern in (ADDRESS, MAIL, NAME):
        joined = pattern.sub(hidden, joined)
    return joined


def hide(text: str) -> str:
    return MASK * len(text)


def hidden(match: re.Match) -> str:
    return hide(match.group())


def but_its_words(match: re.Match) -> str:
    """A match hidden but for its first group, if that took part."""
    whole, words = match.group(), match[1] or ""
    before = match.start(1) - match.start() if words else 0
    return hide(whole[:before]) + words + hide(whole[before + len(words) :])


def substituted(line: str, rules) -> str:
    for pattern, replacement in rules:
        line = pattern.sub(replacement, line)
    return line


def blank(match: re.Match) -> str:
    return " " * len(match.group())


def plain_lines(lines: list[str]) -> Iterator[Line]:
    for line in lines:
        yield line, True


# --- Markdown

FENCE = re.compile(r" {0,3}(?:> ?)*(`{3,}|~{3,})(.*)")
QUOTE = re.compile(r"^(?: {0,3}> ?)+")
ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
HEADING = re.compile(r"^ {0,3}#{1,6}(?:\s|$)")
RULE = re.compile(r"^ {0,3}(?:=+|-{2,}|(?:[-*_] ?){3,})\s*$")
INDENTED = re.compile(r"^(?: {4}|\t)")
MARKDOWN = [
    # An image: its alternative text is for those who do not see it, and no place for a link.
    (re.compile(r"!\[[^\[\]\n]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])?"), hidden),
    (re.compile(r"^ {0,3}\[[^\]\n]+\]:\s.*$"), hidden),
    (re.compile(r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)"), hidden),
    (re.compile(r"\]\[[^\[\]\n]*\]"), hidden),
    (re.compile(r"</?[A-Za-z][^<>\n]*>|<[a-z]+:[^<>\n]*>"), hidden),
    (re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|~~"), blank),
]
TICKS = re.compile(r"`+")


def markdown_lines(lines: list[str]) -> Iterator[Line]:
    fence, in_comment = "", False
    front = bool(lines) and lines[0].strip() in ("---", "+++") and lines[0].strip()
    # Whether an indented line is code: after a blank line and outside a list.
    after_blank, in_list = True, False
    for number, line in enumerate(lines):
        if front:
            yield hide(line), False
            if number and line.strip() == front:
                front = ""
            continue
        found = FENCE.match(line)
        if fence:
            yield hide(line), False
            if found and found[1].startswith(fence) and not found[2].strip():
                fence = ""
            continue
        if found and not in_comment and "`" not in found[2]:
            fence = found[1]
            yield hide(line), False
            continue
        if not line.strip():
            after_blank = True
            yield line, True
            continue
        if ITEM.match(line):
            in_list = True
        elif not line[0].isspace():
            in_list = in_list and not after_blank
        if INDENTED.match(line) and after_blank and not in_list:
            yield hide(line), False
            continue
        after_blank = False
        line, in_comment = without_comments(line, in_comment)
        line = QUOTE.sub(blank, line)
        if RULE.match(line):
            yield hide(line), False
            continue
        yield substituted(without_code(line), MARKDOWN), not HEADING.match(line)


def without_comments(line: str, in_comment: bool) -> tuple[str, bool]:
    """A line without what is commented out in it, and whether a comment goes on behind it."""
    parts, position = [], 0
    while position < len(line):
        found = line.find("-->" if in_comment else "<!--", position)
        end = len(line) if found < 0 else found + (len("-->") if in_comment else 0)
        parts.append(hide(line[position:end]) if in_comment else line[position:end])
        position = end
        if found < 0:
            break
        in_comment = not in_comment
    return "".join(parts), in_comment


def without_code(line: str) -> str:
    """A line with its code between backticks masked: as many close it as opened it."""
    runs = [(match.start(), match.end()) for match in TICKS.finditer(line)]
    closers: dict[int, deque[int]] = {}
    for index, (start, end) in enumerate(runs):
        closers.setdefault(end - start, deque()).append(index)
    parts, position, index = [], 0, 0
    while index < len(runs):
        start, end = runs[index]
        of_length = closers[end - start]
        while of_length and of_length[0] <= index:
            of_length.popleft()
        if not of_length:
            index += 1
            continue
        last = of_length.popleft()
        parts += (line[position:start], hide(line[start : runs[last][1]]))
        position, index = runs[last][1], last + 1
    return "".join(parts) + line[position:]


# --- reStructuredText

UNDERLINE = re.compile(r"^([!-/:-@\[-`{-~])\1{2,}\s*$")
DIRECTIVE = re.compile(r"^(\s*)\.\.(?:\s|$)")
# Directives whose content is prose.
PROSE_DIRECTIVES = re.compile(
    r"^\s*\.\.\s+(?:note|warning|tip|important|caution|attention|hint|danger|error|admonition|seealso|topic|sidebar|"
    r"container|epigraph|rubric|deprecated|versionadded|versionchanged|glossary)::"
)
RST = [
    (re.compile(r"``[^`\n]*(?:`[^`\n]+)*``"), hidden),
    (re.compile(r":[\w+.-]{1,30}(?::[\w+.-]{1,30})?:`[^`\n]*`"), hidden),
    (re.compile(r"`([^`<\n]*)<[^`<>\n]*>`_{0,2}"), but_its_words),
    (re.compile(r"\|[^|\s][^|\n]*\|_{0,2}"), hidden),
    (re.compile(r"^\s*:[\w -]+:(?=\s|$)"), hidden),
    (re.compile(r"\*+|`_{0,2}"), blank),
]


def rst_lines(lines: list[str]) -> Iterator[Line]:
    block: int | None = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            yield line, True
            continue
        if block is not None and indent > block:
            yield hide(line), False
            continue
        block = None
        if DIRECTIVE.match(line):
            if not PROSE_DIRECTIVES.match(line):
                block = indent
            yield hide(line), False
            continue
        if UNDERLINE.match(line):
            yield hide(line), False
            continue
        if line.rstrip().endswith("::"):
            block = indent
        is_title = number + 1 < len(lines) and UNDERLINE.match(lines[number + 1])
        yield substituted(line, RST), not is_title


# --- AsciiDoc

DELIMITER = re.compile(r"^(-{4,}|\.{4,}|/{4,}|\+{4,}|```)\s*(?:\w*)$")
ADOC_HEADING = re.compile(r"^(?:={1,6}|#{1,6})\s|^\.\S")
# A line that is all attribute, block macro, block attribute or comment.
ADOC_LINE = re.compile(r"^(?::[\w!-]+:(?:\s.*)?|\w+::\S*\[.*\]|\[[^\]]*\]|//.*|\+)\s*$")
ADOC = [
    (re.compile(r"`\+?[^`\n]+`|\+\+[^\n]+?\+\+|pass:\w{0,9}\[[^\[\]\n]*\]"), hidden),
    (re.compile(r"image:[^\s\[\]]{0,500}\[[^\[\]\n]*\]"), hidden),
    (re.compile(r"<<[^,<>\n]*(?:,([^<>\n]*))?>>"), but_its_words),
    (re.compile(r"(?:link:|xref:|mailto:|[a-z]{2,10}://)[^\s\[\]]{0,500}\[([^\[\]\n]*)\]"), but_its_words),
    (re.compile(r"\[\[[^\[\]\n]*\]\]|\{[\w-]+\}"), hidden),
    (re.compile(r"\*+|#+|(?<!\w)_+|_+(?!\w)"), blank),
]


def asciidoc_lines(lines: list[str]) -> Iterator[Line]:
    delimiter = ""
    for line in lines:
        found = DELIMITER.match(line)
        if delimiter:
            yield hide(line), False
            if found and found[1] == delimiter:
                delimiter = ""
        elif found:
            delimiter = found[1]
            yield hide(line), False
        elif ADOC_LINE.match(line):
            yield hide(line), False
        else:
            yield substituted(line, ADOC), not ADOC_HEADING.match(line)


FORMATS: dict[str, Callable[[list[str]], Iterator[Line]]] = {
    "markdown": markdown_lines,
    "rst": rst_lines,
    "asciidoc": asciidoc_lines,
    "text": plain_lines,
}
