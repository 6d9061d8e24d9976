"""Hashed and compressed static files, with the imports of our own ES modules rewritten."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Only statements that stand at the beginning of a line: the same words in a comment, such as
# a JSDoc type import, are no dependency and may even point in a circle.
STATIC_IMPORT = (
    r"""(?m)^(?P<matched>(?P<head>(?:import|export)\b[^"'`;()]*?from\s*|import\s*)["'](?P<url>\.{1,2}/[^"']+)["'])""",
    """%(head)s"%(url)s\"""",
)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites imports under simulator/ alone: files that packages bring import by names of their own."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("simulator/*.js", (STATIC_IMPORT,)),
    )
