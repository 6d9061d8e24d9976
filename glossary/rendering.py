"""Markdown to safe HTML, with links to other terms.

Three walls stand between an author and a reader's browser: raw HTML is escaped by the
Markdown parser, its output is cleaned by nh3, and only then are our own links woven in.
"""

import re
from collections.abc import Iterable
from html import escape, unescape
from html.parser import HTMLParser

import markdown
import nh3

from .domain.links import LINK
from .domain.matching import Matcher, Target, spelling_key
from .domain.vocabulary import UNWANTED_KINDS, other_voice

TAGS = {
    "a", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h3", "h4", "hr", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
# Text in these is never linked: code says what it says, a link is a link already.
UNLINKED = {"a", "code", "pre", "h3", "h4"}
# Addresses that a text may lead to; anything else loses its href, so that no trick of spelling survives.
ADDRESS = re.compile(r"(?:https?://|mailto:|/(?!/))[^\s]+")
# The parser's time grows with the square of the open brackets: this many cost a tenth of a second.
MOST_BRACKETS = 800


class Links:
    """Where words lead: explicit [[slug]] links by any slug a term ever had, first uses by spelling.

    `slugs` maps a slug to its Target. In a text of one voice that voice's terms win over
    the other's; the other voice's are linked by their labels only.
    """

    def __init__(self, slugs: dict[str, Target], spellings: Iterable[tuple[str, str, Target]]):
        """`spellings`: (text, kind, target), kind as in Spelling."""
        self.slugs = slugs
        self._matchers: dict[str, Matcher] = {"engineer": Matcher(), "manager": Matcher()}
        spellings = list(spellings)
        for voice, matcher in self._matchers.items():
            for text, kind, target in spellings:
                if target.voice == voice and kind not in UNWANTED_KINDS:
                    matcher.add(text, target)
            for text, kind, target in spellings:
                if target.voice == other_voice(voice) == "engineer" and kind in {"label", "inflection"}:
                    matcher.add(text, target)

    def matcher(self, voice: str) -> Matcher:
        return self._matchers[voice]


NO_LINKS = Links({}, [])


def render(text: str, *, voice: str, links: Links = NO_LINKS, own_uid: str = "") -> str:
    """Safe HTML of a Markdown text in a voice; the first use of each other term is a link.

    Raises ValueError, with the reason, for text that cannot be parsed within bounds.
    """
    if text.count("[") > MOST_BRACKETS:
        raise ValueError(f"the text has {text.count('[')} square brackets; the most is {MOST_BRACKETS}")
    parser = markdown.Markdown(extensions=["tables", "sane_lists"], output_format="html")
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    try:
        clean = nh3.clean(
            parser.convert(text),
            tags=TAGS,
            attributes={"a": {"href", "title"}},
            attribute_filter=keep_attribute,
            link_rel="noopener",
        )
    except RecursionError:
        raise ValueError("the text is nested too deeply") from None
    weaver = LinkWeaver(voice, links, own_uid)
    weaver.feed(clean)
    weaver.close()
    return weaver.html


def keep_attribute(tag: str, name: str, value: str) -> str | None:
    return None if name == "href" and not ADDRESS.fullmatch(value) else value


def plain_text(html: str) -> str:
    """The words of an HTML text, blanks collapsed."""
    collector = TextCollector()
    collector.feed(html)
    collector.close()
    return " ".join("".join(collector.parts).split())


class TextCollector(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in {"a", "code", "em", "strong"}:
            self.parts.append(" ")

    def handle_data(self, data):
        self.parts.append(data)


class LinkWeaver(HTMLParser):
    """Copies clean HTML and turns [[links]] and first uses in its text into links."""

    def __init__(self, voice: str, links: Links, own_uid: str):
        super().__init__(convert_charrefs=False)
        self._voice = voice
        self._links = links
        self._linked = {own_uid}
        self._unlinked_depth = 0
        self._text: list[str] = []
        self._parts: list[str] = []

    @property
    def html(self) -> str:
        return "".join(self._parts)

    def close(self):
        super().close()
        self._flush()

    def handle_starttag(self, tag, attrs):
        self._flush()
        self._parts.append(self.get_starttag_text())
        if tag in UNLINKED:
            self._unlinked_depth += 1

    def handle_endtag(self, tag):
        self._flush()
        self._parts.append(f"</{tag}>")
        if tag in UNLINKED:
            self._unlinked_depth -= 1

    def handle_data(self, data):
        self._text.append(data)

    def handle_entityref(self, name):
        self._text.append(unescape(f"&{name};"))

    def handle_charref(self, name):
        self._text.append(unescape(f"&#{name};"))

    def _flush(self):
        text, self._text = "".join(self._text), []
        if self._unlinked_depth:
            self._parts.append(escape(text, quote=False))
            return
        position = 0
        for link in LINK.finditer(text):
            self._weave_first_uses(text[position : link.start()])
            self._weave_link(link)
            position = link.end()
        self._weave_first_uses(text[position:])

    def _weave_link(self, link):
        slug = link.group(1).strip()
        words = (link.group(2) or slug.replace("-", " ")).strip()
        target = self._links.slugs.get(slug) or self._links.slugs.get(spelling_key(slug).replace(" ", "-"))
        if target is None:
            self._parts.append(escape(words, quote=False))
        else:
            self._anchor(target, words)

    def _weave_first_uses(self, text: str):
        position = 0
        for match in self._links.matcher(self._voice).find(text):
            if match.target.uid not in self._linked:
                self._parts.append(escape(text[position : match.start], quote=False))
                self._anchor(match.target, text[match.start : match.end])
                position = match.end
        self._parts.append(escape(text[position:], quote=False))

    def _anchor(self, target: Target, words: str):
        self._linked.add(target.uid)
        self._parts.append(
            f'<a class="term" data-uid="{target.uid}" data-term-voice="{target.voice}" '
            f'href="/terms/{target.slug}/">{escape(words, quote=False)}</a>'
        )
