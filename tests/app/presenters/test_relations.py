"""The target against each column, in words and bars."""

from __future__ import annotations

from app.components._relation_cards import relations_html
from app.presenters.tables.relations import present_relations
from litmus_core.data import Group, Relation, Relations

EVIL = "<b>x</b>"


def _classes(*groups: Group) -> Relations:
    relation = Relation(column=EVIL, kind="category", by="values", groups=groups)
    overall = Group(label="all", n_rows=10, counts=(6, 4))
    return Relations(target="sold", classes=("no", "yes"), overall=overall, columns=(relation,))


def test_classes_are_shares_of_a_bar_and_the_largest_is_read():
    found = _classes(
        Group(label="red", n_rows=4, counts=(1, 3)), Group(label="blue", n_rows=6, counts=(5, 1))
    )
    card = present_relations(found).cards[0]
    assert card.bars[0].parts == (0.25, 0.75)
    assert card.bars[0].text.replace("\u202f", " ") == "75 % yes"
    assert "4 rows" in card.bars[0].hover


def test_many_classes_are_drawn_together_beyond_the_first():
    names = tuple(f"c{n}" for n in range(9))
    group = Group(label="all", n_rows=18, counts=(2,) * 9)
    relation = Relation(column="a", kind="number", by="ranges", groups=(group,))
    view = present_relations(Relations(target="y", classes=names, overall=group, columns=(relation,)))
    assert view.classes == ("c0", "c1", "c2", "c3", "c4", "others")
    assert abs(view.cards[0].bars[0].parts[-1] - 4 / 9) < 1e-12


def test_means_are_drawn_from_zero():
    groups = (Group(label="a", n_rows=2, mean=5.0), Group(label="b", n_rows=2, mean=10.0))
    relation = Relation(column="size", kind="number", by="ranges", groups=groups)
    overall = Group(label="all", n_rows=4, mean=7.5)
    view = present_relations(Relations(target="y", classes=(), overall=overall, columns=(relation,)))
    assert [bar.parts for bar in view.cards[0].bars] == [(0.5,), (1.0,)]
    assert view.lead.startswith("The mean of y")


def test_nothing_of_the_table_becomes_markup():
    view = present_relations(_classes(Group(label=EVIL, n_rows=4, counts=(1, 3))))
    assert EVIL not in relations_html(view, view.cards)
