"""A field for what was written by people and must come back as it was written."""

import json

from django.db import models


class OrderedJSONField(models.TextField):
    """JSON that keeps the order of its keys on every database.

    PostgreSQL's jsonb sorts keys, and then a dump of the dictionary would not give the same
    bytes as the files that were loaded. Nothing here is ever searched by the database.
    """

    def from_db_value(self, value, expression, connection):
        return None if value is None else json.loads(value)

    def to_python(self, value):
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))
