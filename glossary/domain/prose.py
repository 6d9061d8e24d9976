"""What of a document is prose: the same text with everything else masked, character for character.

Code, front matter, comments, addresses and alternative texts are masked; headings and the texts of links stay. A mask
is no part of a word and joins no two words, so what is found in a masked text stands at the same place in the document.
Every pattern looks at one line at most, or at text without its own delimiters, so the time grows with the length.
What repeats a group of signs has a most, which nobody writes: each round of a group takes memory until it ends.
"""

import re
import string
from array import array
from collections.abc import Callable, Iterator
from typing import Literal

MASK = "\0"
# What documents are written in: the keys of FORMATS.
Format = Literal["markdown", "rst", "asciidoc", "text"]
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
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,99}")
# A path of a file system, and what a chat or a tracker calls by a sign: #releases.
PATH = re.compile(r"(?<![\w/.~-])(?:~|\.{1,2})?(?:/[\w.-]+){2,999}")
TAG = re.compile(r"(?<![\w&#])#[^\W\d_][\w-]*")
# Names of things in programs: with an underscore, with a capital after a small letter, or quoted and with a sign in.
NAME = re.compile(
    r"(?<!\w)[^\W_]*_\w*|(?<!\w)[^\W\d_]*?[^\W\d_A-Z][A-Z]\w*"
    r"|(?<=[\"“‘'])[^\W_]+(?:[._/-][^\W_]+){1,99}(?=[\"”’'])"
)

# A line as it is read: its text, masked, and whether a phrase may go on in the next line.
Line = tuple[str, bool]
# What of a line is replaced, and a sign without which there is none of it: most lines have few, and are read quickly.
Rule = tuple[str, re.Pattern, Callable[[re.Match], str]]


def masked(text: str, format: str) -> str:
    """The text of a document (a key of FORMATS) with all that is no prose masked. Its length stays."""
    parts = []
    for line, goes_on in FORMATS[format](text.split("\n")):
        parts += (line, "\n" if goes_on else MASK)
    joined = "".join(parts[:-1])
    for pattern in (ADDRESS, MAIL, PATH, TAG, NAME):
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


def substituted(line: str, rules: list[Rule]) -> str:
    for sign, pattern, replacement in rules:
        if sign in line:
            line = pattern.sub(replacement, line)
    return line


def blank(match: re.Match) -> str:
    return " " * len(match.group())


# --- Plain text

# What mails, and Markdown, put before what they quote.
QUOTE = re.compile(r"^(?: {0,3}> ?){1,99}")


def plain_lines(lines: list[str]) -> Iterator[Line]:
    for line in lines:
        yield without_quotes(line), True


def without_quotes(line: str) -> str:
    return QUOTE.sub(blank, line) if ">" in line else line


# --- Markdown

# However deep: in a list the fence is as far to the right as the item's text.
FENCE = re.compile(r"[ \t]*+(?:> ?){0,99}+[ \t]*+(`{3,}|~{3,})(.*)")
ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
HEADING = re.compile(r"^ {0,3}#{1,6}(?:\s|$)")
RULE = re.compile(r"^ {0,3}(?:=+|-{2,}|(?:[-*_] ?){3,999})\s*$")
INDENTED = re.compile(r"^(?: {4}|\t)")
# A line that begins with a letter and has no sign of any markup in it.
PLAIN = re.compile(r"[^\W\d_][^`*_~<\[\]]*")
MARKDOWN: list[Rule] = [
    # An image: its alternative text is for those who do not see it, and no place for a link.
    ("![", re.compile(r"!\[[^\[\]\n]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^\[\]\n]*\])?"), hidden),
    # The text of a footnote is prose; what a link or an abbreviation stands for is not.
    ("[^", re.compile(r"\[\^[^\[\]\s]+\]:?"), hidden),
    ("]:", re.compile(r"^ {0,3}\*?\[[^\]\n]+\]:\s.*$"), hidden),
    ("](", re.compile(r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)"), hidden),
    ("][", re.compile(r"\]\[[^\[\]\n]*\]"), hidden),
    ("</", re.compile(r"<(code|kbd|pre|samp|var)>[^<>\n]*</\1>"), hidden),
    ("<", re.compile(r"</?[A-Za-z][^<>\n]*>|<[a-z]+:[^<>\n]*>"), hidden),
    ("*", re.compile(r"\*+"), blank),
    ("_", re.compile(r"(?<!\w)_+|_+(?!\w)"), blank),
    ("~~", re.compile(r"~~"), blank),
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
        if not (fence or in_comment) and PLAIN.fullmatch(line):
            in_list = in_list and not after_blank
            after_blank = False
            yield line, True
            continue
        found = FENCE.match(line) if "```" in line or "~~~" in line else None
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
        if in_comment or "<!--" in line:
            line, in_comment = without_comments(line, in_comment)
        line = without_quotes(line)
        if RULE.match(line):
            yield hide(line), False
            continue
        yield substituted(without_code(line) if "`" in line else line, MARKDOWN), not HEADING.match(line)


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
    starts, ends = array("q"), array("q")
    for match in TICKS.finditer(line):
        starts.append(match.start())
        ends.append(match.end())
    # For each run the next one of its length; 0, which follows none, where there is none.
    closers, next_of = array("q", bytes(8 * len(starts))), {}
    for index in reversed(range(len(starts))):
        length = ends[index] - starts[index]
        closers[index], next_of[length] = next_of.get(length, 0), index
    parts, position, index = [], 0, 0
    while index < len(starts):
        if closer := closers[index]:
            parts += (line[position : starts[index]], hide(line[starts[index] : ends[closer]]))
            position, index = ends[closer], closer
        index += 1
    return "".join(parts) + line[position:]


# --- reStructuredText

DIRECTIVE = re.compile(r"^(\s*)\.\.(?:\s|$)")
# Directives whose content is prose.
PROSE_DIRECTIVES = re.compile(
    r"^\s*\.\.\s+(?:(?:note|warning|tip|important|caution|attention|hint|danger|error|admonition|seealso|topic|sidebar|"
    r"epigraph|rubric|deprecated|versionadded|versionchanged|glossary|table|list-table|csv-table)::|container::.*)"
)
FOOTNOTE = re.compile(r"^\s*\.\.\s+\[[^\]\n]+\](?:\s|$)")
ROLE = r":[\w+.-]{1,30}(?::[\w+.-]{1,30})?:"
RST: list[Rule] = [
    ("``", re.compile(r"``[^`\n]*(?:`[^`\n]+){0,999}``"), hidden),
    # Of a role what the reader sees: a text before its target, and a term of the document's own glossary.
    (":`", re.compile(rf"{ROLE}`([^`<\n]+)<[^`<>\n]*>`"), but_its_words),
    (":`", re.compile(r":(?:abbr|emphasis|strong|term):`([^`\n]*)`"), but_its_words),
    (":`", re.compile(rf"{ROLE}`[^`\n]*`"), hidden),
    (">`", re.compile(r"`([^`<\n]*)<[^`<>\n]*>`_{0,2}"), but_its_words),
    ("|", re.compile(r"\|[^|\s][^|\n]*\|_{0,2}"), hidden),
    (":", re.compile(r"^\s*:[\w -]+:(?=\s|$)"), hidden),
    ("*", re.compile(r"\*+"), blank),
    ("`", re.compile(r"`_{0,2}"), blank),
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
            found = PROSE_DIRECTIVES.match(line) or FOOTNOTE.match(line)
            if not found:
                block = indent
            end = found.end() if found else len(line)
            yield hide(line[:end]) + substituted(line[end:], RST), bool(found)
            continue
        if is_underline(line):
            yield hide(line), False
            continue
        if line.rstrip().endswith("::"):
            block = indent
        is_title = number + 1 < len(lines) and is_underline(lines[number + 1])
        yield substituted(line, RST), not is_title


def is_underline(line: str) -> bool:
    """Whether a line is what stands below a title: one sign, three times or more."""
    line = line.rstrip()
    return len(line) >= 3 and line[0] in string.punctuation and line == line[0] * len(line)


# --- AsciiDoc

DELIMITER = re.compile(r"^(-{4,}|\.{4,}|/{4,}|\+{4,}|```)\s*(?:\w*)$")
ADOC_HEADING = re.compile(r"^(?:={1,6}|#{1,6})\s|^\.\S")
# A line that is all attribute, block macro, block attribute or comment.
ADOC_LINE = re.compile(r"^(?::[\w!-]+:(?:\s.*)?|\w+::\S*\[.*\]|\[[^\]]*\]|//.*|\+)\s*$")
ADOC: list[Rule] = [
    ("", re.compile(r"`\+?[^`\n]+`|\+\+[^\n]+?\+\+|pass:\w{0,9}\[[^\[\]\n]*\]"), hidden),
    ("image:", re.compile(r"image:[^\s\[\]]{0,500}\[[^\[\]\n]*\]"), hidden),
    ("<<", re.compile(r"<<[^,<>\n]*(?:,([^<>\n]*))?>>"), but_its_words),
    ("[", re.compile(r"(?:link:|xref:|mailto:|[a-z]{2,10}://)[^\s\[\]]{0,500}\[([^\[\]\n]*)\]"), but_its_words),
    ("[[", re.compile(r"\[\[[^\[\]\n]*\]\]"), hidden),
    ("{", re.compile(r"\{[\w-]+\}"), hidden),
    ("*", re.compile(r"\*+"), blank),
    ("#", re.compile(r"#+"), blank),
    ("_", re.compile(r"(?<!\w)_+|_+(?!\w)"), blank),
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


FORMATS: dict[Format, Callable[[list[str]], Iterator[Line]]] = {
    "markdown": markdown_lines,
    "rst": rst_lines,
    "asciidoc": asciidoc_lines,
    "text": plain_lines,
}
