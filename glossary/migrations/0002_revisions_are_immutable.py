"""The database itself refuses to change what a revision says, whoever asks."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER revision_is_immutable
BEFORE UPDATE OF term_id, number, snapshot, html ON glossary_revision
BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END
"""

POSTGRESQL = """
CREATE FUNCTION refuse_revision_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a revision is immutable' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER revision_is_immutable
BEFORE UPDATE OF term_id, number, snapshot, html ON glossary_revision
FOR EACH ROW EXECUTE FUNCTION refuse_revision_change();
"""

DROP_SQLITE = "DROP TRIGGER revision_is_immutable"

DROP_POSTGRESQL = """
DROP TRIGGER revision_is_immutable ON glossary_revision;
DROP FUNCTION refuse_revision_change();
"""


def create(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def drop(apps, schema_editor):
    schema_editor.execute(DROP_SQLITE if schema_editor.connection.vendor == "sqlite" else DROP_POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("glossary", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
