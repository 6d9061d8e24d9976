from glossary.domain.links import linked_slugs


def test_links_are_told_in_order_each_once():
    assert linked_slugs("[[log]] then [[topic|a topic]] then [[log|it]]") == ["log", "topic"]


def test_code_is_not_searched_for_links():
    assert linked_slugs("`[[log]]` and ``[[a]] ` [[b]]`` and [[topic]]") == ["topic"]


def test_unfinished_links_are_text():
    assert linked_slugs("[[log] [[|x]] [[a\nb]]") == []
