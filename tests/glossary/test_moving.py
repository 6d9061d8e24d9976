"""Backup and restore as an operator calls them, while others write."""

from tests.moving import move


def test_a_site_moves_to_another_file_while_somebody_publishes(tmp_path):
    move(*(f"sqlite:///{tmp_path}/{name}.sqlite3" for name in ("source", "target", "spare")), tmp_path)
