"""A cluster in words: figures, names that are told apart, and what of a run is where."""

from __future__ import annotations

from app.presenters.training.cluster import present_cluster, present_work
from litmus_core.cluster import Machine, RunningTask, TaskState
from litmus_core.text import NARROW


def machine(id_: str = "a", name: str = "node", **has: float | None) -> Machine:
    given = {"cpus": 4.0, "gpus": 0.0, "memory_gb": 16.0, "cpus_used": 1.0, "gpus_used": 0.0} | has
    return Machine(id=id_, name=name, **given)  # type: ignore[arg-type]


def test_machines_say_how_much_of_each_is_in_use() -> None:
    view = present_cluster([machine(gpus=2.0, gpus_used=1.0, memory_used_gb=2.5)])
    (one,) = view.machines
    assert (one.name, one.processors, one.gpus, one.share_used) == ("node", "1 of 4", "1 of 2", 0.25)
    assert one.memory == f"2.5 of 16{NARROW}GB"
    assert view.headline == "1 machine, 1 of 4 processors in use, 2 GPUs"


def test_what_is_not_told_is_not_made_up() -> None:
    view = present_cluster([machine(cpus_used=None, memory_used_gb=None), machine("b", "other")])
    one = view.machines[0]
    assert (one.processors, one.gpus, one.memory, one.share_used) == ("4", "none", f"16{NARROW}GB", None)
    assert view.headline == "2 machines, 8 processors"


def test_a_machine_without_processors_for_work_has_no_bar() -> None:
    (one,) = present_cluster([machine(cpus=0.0, cpus_used=0.0)]).machines
    assert (one.processors, one.share_used) == ("none", None)


def test_a_cluster_without_machines_says_so() -> None:
    assert present_cluster([]).headline == "No machine is there now"


def test_machines_of_one_name_are_told_apart() -> None:
    view = present_cluster([machine("3f2a99", "node"), machine("c01d99", "node"), machine("x", "other")])
    assert [each.name for each in view.machines] == ["node (3f2a)", "node (c01d)", "other"]


def test_work_stands_at_its_machine_with_its_time() -> None:
    seen = TaskState(
        at=99.0,
        machines=(machine("a", "one"), machine("b", "two", cpus_used=0.0)),
        work=(
            RunningTask(label="LightGBM, fold 1", machine="a", since=58.0),
            RunningTask(label="LightGBM, fold 2"),
            RunningTask(label="LightGBM, fold 3", machine="lost", since=10.0),
        ),
    )
    view = present_work(seen, now=100.0)
    assert [(each.name, each.work) for each in view.machines] == [
        ("one", (("LightGBM, fold 1", f"42{NARROW}s"),)),
        ("two", ()),
    ]
    assert view.waiting == "LightGBM, fold 2; LightGBM, fold 3"


def test_folds_stand_in_their_order_and_not_in_that_of_threads() -> None:
    work = [
        RunningTask(label=f"{name}, fold {at}", machine="a", since=10.0)
        for name, at in (("Linear model", 1), ("CatBoost", 10), ("CatBoost", 2))
    ]
    (one,) = present_work(TaskState(at=99.0, machines=(machine(),), work=tuple(work)), now=135.0).machines
    assert one.work == (
        ("CatBoost, fold 2", f"2{NARROW}min 5{NARROW}s"),
        ("CatBoost, fold 10", f"2{NARROW}min 5{NARROW}s"),
        ("Linear model, fold 1", f"2{NARROW}min 5{NARROW}s"),
    )


def test_of_many_machines_those_with_work_are_shown_and_the_others_counted() -> None:
    there = tuple(machine(str(at), f"node {at:02}") for at in range(40))
    work = [RunningTask(label="fold", machine="39", since=1.0)] * 9 + [
        RunningTask(label=f"w{at}") for at in range(8)
    ]
    view = present_work(TaskState(at=1.0, machines=there, work=tuple(work)), now=2.0)
    assert [each.name for each in view.machines] == [*(f"node {at:02}" for at in range(11)), "node 39"]
    assert (view.n_more, len(view.machines[-1].work), view.machines[-1].n_more_work) == (28, 6, 3)
    assert view.waiting == "w0; w1; w2; w3; w4; w5 and 2 more"
