from django.db import migrations

import simulator.fields


class Migration(migrations.Migration):
    dependencies = [
        ("glossary", "0015_webhooks"),
    ]

    operations = [
        migrations.AddField(
            model_name="pendingimport",
            name="remarks",
            field=simulator.fields.OrderedJSONField(default=list),
        ),
        migrations.AddField(
            model_name="pendingimport",
            name="table",
            field=simulator.fields.OrderedJSONField(default=list),
        ),
    ]
