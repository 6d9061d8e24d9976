"""Links that authors write into texts: [[slug]] or [[slug|visible words]]."""

import re

LINK = re.compile(r"\[\[([^\[\]|\n]{1,100})(?:\|([^\[\]|\n]{1,200}))?\]\]")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


def linked_slugs(markdown: str) -> list[str]:
    """The slugs that a text links to, in order, each once; code is not searched."""
    return list(dict.fromkeys(m.group(1).strip() for m in LINK.finditer(CODE.sub("", markdown))))
