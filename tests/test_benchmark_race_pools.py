"""The pools of the race: fixed by hash, no data set twice, none that Litmus was tuned on in the final one."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import _flexible_tables, _quality_tables, _race_pools
from benchmarks._race_tables import TABLES, parts

KNOWN = {table.name: table for table in TABLES}


def test_pools_are_those_of_the_rule_and_large_enough():
    pools = {name: fact["pool"] for name, fact in _race_pools.fixed().items()}
    assert pools == _race_pools.pools_by_rule(TABLES)
    sizes = Counter(pools.values())
    assert sizes["development"] >= 20
    assert sizes["final"] >= 16


def test_every_kind_is_in_both_pools_and_comes_from_several_packages():
    facts = _race_pools.fixed().values()
    for pool in ("development", "final"):
        kinds = {fact["kind"] for fact in facts if fact["pool"] == pool}
        assert kinds == {"plain", "few rows", "groups", "time", "text", "many classes"}
        assert len({fact["source"].partition("/")[0] for fact in facts if fact["pool"] == pool}) >= 8


def test_no_data_set_is_raced_twice_nor_in_another_form():
    prints = Counter(each for table in TABLES for each in {table.source, *table.forms})
    assert [each for each, times in prints.items() if times > 1] == []
    hashes = [fact["sha256"] for fact in _race_pools.fixed().values()]
    assert len(set(hashes)) == len(hashes) == len(TABLES)


def test_no_table_that_litmus_was_tuned_on_is_raced():
    tuned = {"/".join(table.source) for table in _flexible_tables.TABLES}
    tuned |= {f"{table.package}/{table.item}" for table in _quality_tables.TABLES}
    assert tuned.isdisjoint(each for table in TABLES for each in (table.source, *table.forms))


def test_targets_metrics_and_sizes_are_the_fixed_ones():
    for name, fact in _race_pools.fixed().items():
        table = KNOWN[name]
        assert (fact["source"], fact["target"], fact["metric"]) == (table.source, table.target, table.metric)
        assert 300 <= fact["rows"] <= 30_000


@pytest.mark.parametrize("name", ["olives", "digits", "Sacramento"])
def test_rows_are_those_that_were_fixed(name):
    assert len(_race_pools.load_fixed(KNOWN[name])) == _race_pools.fixed()[name]["rows"]


def test_a_table_whose_rows_changed_is_refused(monkeypatch):
    table = KNOWN["olives"]
    fixed = _race_pools.fixed()
    fixed["olives"]["sha256"] = "0" * 16
    monkeypatch.setattr(_race_pools, "fixed", lambda: fixed)
    with pytest.raises(_race_pools.TableChangedError, match="olives"):
        _race_pools.load_fixed(table)


def test_hidden_rows_are_three_tenths_and_the_same_again():
    table = KNOWN["olives"]
    frame = table.load()
    train, test = parts(table, frame, seed=1)
    assert len(train) + len(test) == len(frame)
    assert len(test) == pytest.approx(0.3 * len(frame), abs=1)
    assert parts(table, frame, seed=1)[1].equals(test)
    assert not parts(table, frame, seed=2)[1].equals(test)


def test_whole_groups_and_the_last_rows_are_hidden():
    violence, juice = KNOWN["violence"], KNOWN["orange juice"]
    train, test = parts(violence, violence.load(), seed=0)
    assert set(train["state"]).isdisjoint(test["state"])
    train, test = parts(juice, juice.load(), seed=0)
    assert train["WeekofPurchase"].max() <= test["WeekofPurchase"].min()
