"""Hashed and compressed static files without comments, with the imports of our own ES modules rewritten."""

import re
from functools import cache

from django.core.files.base import ContentFile
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Text
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Only statements that stand at the beginning of a line: the same words in a comment, such as
# a JSDoc type import, are no dependency and may even point in a circle.
STATIC_IMPORT = (
    r"""(?m)^(?P<matched>(?P<head>(?:import|export)\b[^"'`;()]*?from\s*|import\s*)["'](?P<url>\.{1,2}/[^"']+)["'])""",
    """%(head)s"%(url)s\"""",
)
# Our own, under the names that pages ask for; packages bring theirs as they want them, and the names without a hash are
# for people to read.
OURS = re.compile(r"(?:css|js|simulator)/(?:.+/)?[^/]+\.[0-9a-f]{12}\.(?P<kind>js|css)")


@cache
def lexer_of(kind: str) -> Lexer:
    """Made when files are collected: a server that only serves them would start later for it."""
    return get_lexer_by_name(kind, stripnl=False)


@cache
def bare(source: str, kind: str) -> str:
    """A source without comments and indentation, which readers' browsers need not wait for.

    Kept, as Django comes by several times, until the names in all imports have settled.

    Minifiers do more; but those that pip installs broke some of our modules (nested template literals, statements that
    moved), and nothing told so. Lines and strings stay as they are.
    """
    tokens = (token for token in lexer_of(kind).get_tokens(source) if token[0] not in Comment)
    return "".join(re.sub(r"\n\s+", "\n", text) if token in Text else text for token, text in tokens)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites imports under simulator/ alone: files that packages bring import by names of their own."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("simulator/*.js", (STATIC_IMPORT,)),
    )

    def _save(self, name, content):
        if found := OURS.fullmatch(name):
            # Its hash was taken from the same file just now.
            content.seek(0)
            content = ContentFile(bare(content.read().decode(), found["kind"]).encode())
        return super()._save(name, content)
