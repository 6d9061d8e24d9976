"""Valid snapshots to start from; each test changes what it is about."""

from glossary.services.publishing import new_uid


def term_snapshot(label="compaction", **changes) -> dict:
    return {
        "uid": new_uid(),
        "slug": label.lower().replace(" ", "-"),
        "label": label,
        "voice": "engineer",
        "category": "kafka",
        "say": f"Say {label} when you mean it.",
        "avoid": f"Avoid {label} when you do not.",
        "lines": {"engineer": f"What engineers call {label}.", "manager": f"What managers hear in {label}."},
        "definitions": {
            "engineer": f"The exact meaning of {label}.",
            "manager": f"What {label} buys and what it costs.",
        },
        "gap": f"Each side assumes its own {label}.",
    } | changes


def log_snapshot(slug="orders", **changes) -> dict:
    return {
        "slug": slug,
        "title": slug.capitalize(),
        "description": "Orders from placing to delivery.",
        "records": [
            {"time": 1772784000000, "key": "order-1", "type": "OrderPlaced", "value": {"amount": 4200}},
            {"time": 1772784060000, "key": "order-2", "type": "OrderPlaced", "value": {"amount": 900}},
            {"time": 1772784120000, "key": "order-1", "type": "OrderCancelled", "value": None},
        ],
    } | changes


def scenario_snapshot(slug="compaction", **changes) -> dict:
    return {
        "slug": slug,
        "title": "Only the latest survives",
        "model": "compaction",
        "log": "orders",
        "start": 2,
        "params": {"segmentRecords": 2},
        "captions": {"engineer": "The cleaner at work.", "manager": "Old cards go."},
        "question": {
            "engineer": "Which offsets stay?",
            "manager": "Which cards stay?",
            "answer": {"engineer": "The last of each key.", "manager": "The newest of each."},
        },
        "break": {"label": "Never clean", "params": {"minCleanableDirtyRatio": 1}},
        "claims": [
            {
                "id": "something-survives",
                "path": "/result/survivors",
                "op": "contains",
                "value": 2,
                "engineer": "The last offset survives.",
                "manager": "The newest card is kept.",
            }
        ],
    } | changes
