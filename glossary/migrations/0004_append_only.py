"""Roles to give, and a database that refuses to change an entry of the audit trail, whoever asks."""

from django.db import migrations

ROLES = ("member", "curator", "admin")

REVISION_IS_IMMUTABLE = """
CREATE TRIGGER revision_is_immutable
BEFORE UPDATE OF term_id, number, snapshot, html ON glossary_revision
BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END
"""

# Deleting is refused by PostgreSQL alone: SQLite empties a table for `flush` as it deletes a row.
SQLITE = [
    """
    CREATE TRIGGER audit_entry_is_immutable BEFORE UPDATE OF at, action, target, data ON glossary_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
]

POSTGRESQL = [
    """
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON glossary_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()
    """,
    """
    CREATE TRIGGER audit_entry_is_immutable BEFORE UPDATE OF at, action, target, data ON glossary_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()
    """,
]

DROP_SQLITE = ["DROP TRIGGER audit_entry_is_immutable"]

DROP_POSTGRESQL = [
    "DROP TRIGGER audit_entry_is_kept ON glossary_auditentry",
    "DROP TRIGGER audit_entry_is_immutable ON glossary_auditentry",
    "DROP FUNCTION refuse_audit_change()",
]


def execute(sqlite, postgresql):
    def run(apps, schema_editor):
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
            schema_editor.execute(statement)

    return run


def give_roles(apps, schema_editor):
    for name in ROLES:
        apps.get_model("auth", "Group").objects.get_or_create(name=name)


def restore_revision_trigger(apps, schema_editor):
    """SQLite copies a table to alter it, and forgets its triggers."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(REVISION_IS_IMMUTABLE)


class Migration(migrations.Migration):
    dependencies = [("glossary", "0003_editing"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.RunPython(give_roles, migrations.RunPython.noop),
        migrations.RunPython(restore_revision_trigger, migrations.RunPython.noop),
        migrations.RunPython(execute(SQLITE, POSTGRESQL), execute(DROP_SQLITE, DROP_POSTGRESQL)),
    ]
