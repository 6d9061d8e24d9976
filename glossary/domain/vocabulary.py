"""The closed lists of words that terms are described with."""

VOICES = ("engineer", "manager")

# What else a term is called: spellings that are well, and those that nobody should use.
GOOD_KINDS = ("synonym", "abbreviation", "inflection")
UNWANTED_KINDS = ("misspelling", "discouraged")
ALIAS_KINDS = (*GOOD_KINDS, *UNWANTED_KINDS)

# What a mapping or relation says of the *other* term: `broader` = the other is the broader one.
MAPPING_KINDS = ("exact", "close", "broader", "narrower", "related", "false_friend")
RELATION_KINDS = ("broader", "related", "contrasts", "part_of")

# The same link, told from the other end.
INVERSE = {
    "exact": "exact",
    "close": "close",
    "broader": "narrower",
    "narrower": "broader",
    "related": "related",
    "false_friend": "false_friend",
    "contrasts": "contrasts",
    "part_of": "has_part",
}

CHANGES = ("wording", "meaning")

# What is proposed and reviewed.
SUBJECTS = ("term", "scenario", "log")

# From the least to the most; each may do all that the ones before it may.
ROLES = ("anonymous", "member", "curator", "admin")

CLAIM_OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "contains", "excludes", "length")

# What an access token lets a program do in its owner's name, as its owner is told.
SCOPES = {
    "read": "Read what you may read.",
    "propose": "Propose changes of terms and withdraw them; what you may publish directly is published.",
    "documents": "Register documents that use the glossary.",
}

# Address words that a term or scenario cannot have as its slug.
RESERVED_SLUGS = frozenset({"new", "request", "fidelity"})

# The sample log that the site writes itself.
OWN_LOG = "this-glossary"


def other_voice(voice: str) -> str:
    return VOICES[1 - VOICES.index(voice)]
