"""Plug-ins from the guides' own text, end to end: trusted, checked, and at work in import, run and export."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.errors import DataError, UnknownNameError, UsageError
from litmus_core.experiments import Studio
from litmus_core.metrics import MetricSpec as Metric
from litmus_core.metrics import get_metric, register_metrics
from litmus_core.plugins import check_signed
from litmus_core.store import Workspace, copy_journal
from litmus_core.trust import check_files
from litmus_core.types import Folds, PlugInFailed, PluginRef, Run, RunPlan, ScoringPlan
from litmus_core.verdicts import verdict_sentence
from tests.trained import table

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
_BLOCK = re.compile(r"```python\n(# plugins/(\w+\.py)\n.*?)```", re.DOTALL)
PLAN = RunPlan(families=("linear",), folds=Folds(0))


def example(page: str) -> tuple[str, str]:
    """Return the name and the text of the guide's plug-in."""
    (found,) = _BLOCK.findall((GUIDES / f"{page}.md").read_text(encoding="utf-8"))
    return found[1], found[0]


WRONG = """from litmus_core.plugins import metric
@metric(needs="labels", greater_is_better=False, low=0, high=1, title="Share wrong")
def share_wrong(truth, answer): return float((truth != answer).mean())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plugged")


@pytest.fixture(scope="module")
def studio(folder: Path) -> Iterator[Studio]:
    with Studio.open(folder / "workspace") as studio:
        yield studio
    register_metrics(())


@pytest.fixture(autouse=True)
def _home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))


def put(studio: Studio, name: str, text: str, *, ready: bool = True) -> Path:
    """Write a plug-in's file into the workspace and, if it is to be ready, trust and check it."""
    file = studio.workspace.path / "plugins" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    if ready:
        studio.plugins.trust(file)
        assert all(report.passed for report in studio.plugins.check_file(file))
    return file


@pytest.fixture(scope="module")
def judged(studio: Studio, folder: Path) -> Run:
    """A run that is judged by the guide's metric, with the guide's diary and a hook that fails."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder))
        for page in ("plugin-metrics", "plugin-hooks"):
            put(studio, *example(page))
        failing = (
            "import os\nfrom litmus_core.plugins import hook\n\n\n@hook\nclass Lamp:\n"
            "    def on_candidate(self, candidate):\n"
            "        if candidate['id'] != 'run_1-linear':\n            raise OSError('no lamp')\n"
        )
        put(studio, "lamp.py", failing)
        put(studio, "wrong.py", WRONG)
        table(300).to_csv(folder / "shop.csv", index=False)
        version = studio.datasets.import_file(folder / "shop.csv")
        from litmus_core.experiments import TaskWishes, make_task, parse_bar

        task = make_task(
            studio.workspace,
            version,
            "sold",
            TaskWishes(
                metric="worth_kept(rare=8)", bar=parse_bar("worth_kept(rare=8)>=0.5"), time_limit_s=30
            ),
        )
        experiment = studio.experiments.create(task)
        reported = ("share_wrong", "worth_kept(rare=5)", "accuracy")
        plan = replace(PLAN, scoring=ScoringPlan(also_test=reported))
        return studio.runs.wait(studio.runs.start(experiment.id, plan).id, timeout_s=240)


def test_a_run_is_judged_by_a_metric_of_ones_own(studio: Studio, judged: Run) -> None:
    assert judged.status == "finished", judged.message
    assert judged.verdict is not None
    score = judged.verdict.score
    assert score.metric == "worth_kept(rare=8)"
    assert 0 <= score.low <= score.value <= score.high <= 1
    assert score.low < score.high
    assert "of what all cases are worth" in verdict_sentence(judged.verdict)
    part = judged.plan.scoring.metric
    assert part is not None
    assert (part.name, part.parameters, part.version) == ("worth_kept", (("rare", 8.0),), "1")
    assert (studio.workspace.run_dir(judged.id) / "modules" / "rescue.py").exists()


def test_metrics_of_ones_own_are_reported_beside_it(studio: Studio, judged: Run) -> None:
    chosen = studio.candidates.get(judged.chosen_id)
    also = {score.metric: score.value for score in chosen.also_test}
    assert also["share_wrong"] == pytest.approx(1 - also["accuracy"])
    assert set(also) == {"share_wrong", "worth_kept(rare=5)", "accuracy"}
    parts = judged.plan.scoring.reported
    assert [(part.name, part.parameters) for part in parts] == [
        ("share_wrong", ()),
        ("worth_kept", (("rare", 5.0),)),
    ]


def test_it_can_be_chosen_and_seen_like_litmus_own(studio: Studio, judged: Run) -> None:
    assert "worth_kept(rare=5)" in studio.tasks.metrics("binary")
    assert "worth_kept(rare=5)" not in studio.tasks.metrics("regression")
    studio.plugins.disable("worth_kept")
    try:
        assert "worth_kept(rare=5)" not in studio.tasks.metrics("binary")
        assert (
            studio.candidates.list(judged.id)[0].validation is not None
        )  # what was judged by it stays readable
        with pytest.raises(
            UsageError, match=r"'worth_kept' of plugins/rescue.py cannot be used: you disabled it"
        ):
            studio.runs.start(judged.experiment_id, PLAN)
    finally:
        studio.plugins.enable("worth_kept")


def test_hooks_look_on_and_one_that_fails_is_named_and_disabled(
    studio: Studio, folder: Path, judged: Run
) -> None:
    diary = (folder / "litmus-diary.txt").read_text()
    assert f"Run 1 of {studio.experiments.get(judged.experiment_id).name} begins." in diary
    assert judged.verdict is not None
    assert verdict_sentence(judged.verdict) in diary
    assert (
        "Your hook Lamp stopped and was disabled: OSError: no lamp, in line 9 of lamp.py." in judged.message
    )
    failed = [each.fact for each in studio.runs.events(judged.id) if isinstance(each.fact, PlugInFailed)]
    assert [(each.point, each.name) for each in failed] == [("hook", "Lamp")]
    (lamp,) = [each for each in studio.plugins.list() if each.name == "Lamp"]
    assert (lamp.state, lamp.reason) == ("disabled", "OSError: no lamp, in line 9 of lamp.py")


def test_a_bundle_is_written_by_an_exporter_of_ones_own(studio: Studio, folder: Path, judged: Run) -> None:
    put(studio, *example("plugin-exporters"))
    assert judged.chosen_id is not None
    bundle = studio.bundles.export(judged.chosen_id)

    written = studio.bundles.export_as(bundle.id, "Listing", folder / "files.txt")

    assert written == folder / "files.txt"
    assert "manifest.json" in written.read_text()
    with pytest.raises(UsageError, match="already exists"):
        studio.bundles.export_as(bundle.id, "Listing", folder / "files.txt")


def test_a_table_is_read_by_a_data_source_of_ones_own(studio: Studio) -> None:
    put(studio, *example("plugin-data-sources"))

    version = studio.datasets.import_file("calendar://2024")

    assert (version.name, version.n_rows) == ("2024", 366)
    assert [column.name for column in version.columns] == ["day", "weekday", "month"]
    with pytest.raises(DataError, match=r"'soon' is not a year, in line 12 of calendar_source.py"):
        studio.datasets.import_file("calendar://soon")
    with pytest.raises(
        UnknownNameError, match=r"no data source for 'calender://'. Did you mean 'calendar://'"
    ):
        studio.datasets.import_file("calender://2024")


_WAYS = {
    "Raises": "raise OSError('gone')",
    "Hangs": "time.sleep(600)",
    "Exits": "os._exit(3)",
    "Forks": "subprocess.Popen(['sleep', '600'], start_new_session=True); raise OSError('gone')",
}


def test_a_run_goes_on_without_the_hooks_that_fail(
    studio: Studio, judged: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = secrets.token_hex(8)
    monkeypatch.setenv("PLUGGED_TEST", mark)
    monkeypatch.chdir(studio.workspace.path)
    text = "import os, subprocess, time\nfrom litmus_core.plugins import hook\n"
    for name, way in _WAYS.items():
        text += f"\n\n@hook\nclass {name}:\n    def on_run_start(self, run):\n        {way}\n"
    (studio.workspace.path / "odd_hooks.py").write_text(text)
    hooks = tuple(PluginRef(point="hook", reference=f"odd_hooks.py:{name}") for name in _WAYS)
    plan = RunPlan(families=("linear",), hooks=hooks, folds=Folds(0))

    run = studio.runs.wait(studio.runs.start(judged.experiment_id, plan).id, timeout_s=240)

    assert run.status == "finished", run.message
    assert run.verdict is not None
    for name in _WAYS:
        assert f"Your hook {name} stopped and was disabled: " in run.message
    deadline = time.monotonic() + 60  # the worker itself ends a moment after its run
    while marked(mark) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert marked(mark) == []


def marked(mark: str) -> list[str]:
    found = []
    for each in psutil.process_iter():
        try:
            if each.environ().get("PLUGGED_TEST") == mark and each.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(each.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found


def test_a_pre_processor_that_stops_fails_the_run_and_is_disabled(studio: Studio, judged: Run) -> None:
    text = (
        "from pathlib import Path\nfrom litmus_core.plugins import preprocessor\n\n\n"
        "@preprocessor\nclass Shy:\n"
        "    def transform(self, frame):\n        if 'runs' in Path(__file__).parts:\n"
        "            raise OSError('too many people')\n        return frame.assign(one=1.0)\n"
    )
    put(studio, "shy.py", text)
    part = PluginRef(point="preprocess", reference="Shy")

    plan = RunPlan(families=("linear",), preprocess=(part,), folds=Folds(0))
    run = studio.runs.wait(studio.runs.start(judged.experiment_id, plan).id, timeout_s=240)

    assert run.status == "failed"
    assert run.message == "Your pre-processor Shy stopped: OSError: too many people, in line 9 of shy.py."
    assert run.hint.startswith("Nothing was trained, because the run needs it.")
    assert studio.candidates.list(run.id) == []
    (shy,) = [each for each in studio.plugins.list() if each.name == "Shy"]
    assert (shy.state, shy.reason) == ("disabled", "OSError: too many people, in line 9 of shy.py")


def test_a_metric_that_fails_in_a_run_fails_it_in_words(studio: Studio, judged: Run) -> None:
    text = example("plugin-metrics")[1].replace("worth_kept", "worth_lost")
    text += "\n\ndef late():\n    pass\n"
    text = text.replace(
        "    labels, counts",
        "    if len(truth) not in (300, 1, 10) and len(truth) > 40 and in_a_run():\n"
        "        raise OSError('no price list')\n    labels, counts",
    )
    text = text.replace("import numpy as np\n", "import numpy as np\nfrom pathlib import Path\n")
    text += "\n\ndef in_a_run():\n    return 'runs' in Path(__file__).parts\n"
    put(studio, "lost.py", text)
    from dataclasses import replace

    from litmus_core.types import Bar

    task = studio.experiments.get(judged.experiment_id).task
    task = replace(
        task, metric="worth_lost(rare=8)", bar=Bar(metric="worth_lost(rare=8)", op=">=", value=0.5)
    )
    experiment = studio.experiments.create(task)

    run = studio.runs.wait(studio.runs.start(experiment.id, PLAN).id, timeout_s=240)

    assert run.status == "failed"
    assert "Your metric worth_lost stopped: OSError: no price list, in line " in run.message
    assert "A task cannot be judged without its metric." in run.message


def litmus(studio: Studio, *words: str) -> tuple[int, Any]:
    done = CliRunner().invoke(app, [*words, "--workspace", str(studio.workspace.path), "--json"])
    return done.exit_code, json.loads(done.stdout.splitlines()[0])


def test_the_commands_say_and_change_the_state_of_plug_ins(studio: Studio) -> None:
    name, text = example("plugins")
    file = put(studio, name, text.replace("class Caps", "class Cuts").replace("0.99", "0.9"), ready=False)
    code, found = litmus(studio, "plugins", "list")
    assert code == 0
    assert [each["state"] for each in found if each["where"] == "plugins/caps.py"] == ["not trusted"]
    code, told = litmus(studio, "plugins", "check", str(file))
    assert code == 2
    assert "plugins/caps.py is not trusted" in told["error"]["message"]

    assert litmus(studio, "plugins", "trust", "caps.py")[0] == 0
    code, reports = litmus(studio, "plugins", "check", "caps.py")
    assert (code, [each["passed"] for each in reports]) == (0, [True])
    code, (cuts,) = litmus(studio, "plugins", "disable", "Cuts", "--reason", "not now")
    assert (cuts["state"], cuts["reason"]) == ("disabled", "not now")
    code, (cuts,) = litmus(studio, "plugins", "enable", "Cuts")
    assert (cuts["state"], cuts["parameters"][0]["default"]) == ("ready", 0.9)
    assert litmus(studio, "plugins", "enable", "Cutts")[1]["error"]["hint"] == "Did you mean 'Cuts'?"


def test_a_failing_check_is_exit_code_1(studio: Studio) -> None:
    text = (
        "from litmus_core.plugins import preprocessor\n\n\n@preprocessor\nclass Bad:\n"
        "    def transform(self, frame):\n        return frame.head(1)\n"
    )
    file = put(studio, "bad.py", text, ready=False)
    studio.plugins.trust(file)

    code, (report,) = litmus(studio, "plugins", "check", "bad.py")

    assert (code, report["passed"]) == (1, False)
    assert "transform returned 1 rows for 240" in json.dumps(report)


def test_built_in_parts_are_in_the_same_list(studio: Studio) -> None:
    _, found = litmus(studio, "plugins", "list", "--all")
    built_in = {(each["point"], each["name"]) for each in found if each["origin"] == "built in"}

    assert {
        ("algorithm", "linear"),
        ("metric", "accuracy"),
        ("exporter", "docker"),
        ("data_source", "workbook"),
    } <= built_in


def test_a_metric_takes_words_and_choices(studio: Studio) -> None:
    text = (
        "from typing import Literal\nimport numpy as np\nfrom litmus_core.plugins import metric\n\n\n"
        "@metric(needs='labels', greater_is_better=True, low=0, high=1)\n"
        "def net(truth, answer, kind: Literal['all', 'some'] = 'all', strict: bool = False):\n"
        "    share = float(np.mean(truth == answer))\n"
        "    return share if kind == 'all' else share ** 2\n"
    )
    put(studio, "net.py", text)
    truth, sure = ["a", "a", "b", "b"], [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]
    asked = Metric("net", kind="some", strict=True)
    task_text = get_metric(asked).name

    assert str(asked) == 'net(kind="some",strict=true)'
    assert task_text == 'net(kind="some",strict=true)'
    assert get_metric("net").score(truth, sure, classes=["a", "b"]) == 0.75
    assert get_metric(task_text).score(truth, sure, classes=["a", "b"]) == 0.5625
    with pytest.raises(UnknownNameError, match="Did you mean 'some'"):
        get_metric(Metric("net", kind="som"))
    with pytest.raises(UnknownNameError, match="no strict of net called 'yes'"):
        get_metric(Metric("net", strict="yes"))


def test_a_plug_in_is_checked_by_its_name(studio: Studio) -> None:
    text = (
        "from litmus_core.plugins import preprocessor\n\n\n"
        "@preprocessor\nclass One:\n    def transform(self, frame):\n        return frame\n\n\n"
        "@preprocessor\nclass Other:\n    def transform(self, frame):\n        return frame.head(1)\n"
    )
    file = put(studio, "pair.py", text, ready=False)
    studio.plugins.trust(file)

    code, reports = litmus(studio, "plugins", "check", "One")

    assert (code, [(each["name"], each["passed"]) for each in reports]) == (0, [("One", True)])
    assert litmus(studio, "plugins", "check", "Other")[0] == 1
    code, told = litmus(studio, "plugins", "check", "Oen")
    assert code != 0
    assert "One" in json.dumps(told)


def test_code_of_a_run_that_someone_else_started_is_asked_for(
    studio: Studio, judged: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The others' stays theirs. Whoever opens the files of a database that it works with loses its locks.
    without = shutil.ignore_patterns("journal.db*")
    sent = Workspace(shutil.copytree(studio.workspace.path, tmp_path / "sent", ignore=without))
    copy_journal(studio.workspace, sent.journal_path)
    folder = sent.run_dir(judged.id)
    with monkeypatch.context() as other:
        other.setenv("XDG_CONFIG_HOME", str(tmp_path / "someone else"))
        with pytest.raises(UsageError, match="was not brought by you"):
            check_signed(folder)

        done = CliRunner().invoke(app, ["trust", judged.id, "--yes", "--workspace", str(sent.path), "--json"])

        told = json.loads(done.stdout.splitlines()[0])
        assert (done.exit_code, told["trusted"], told["runs"]) == (0, True, [judged.id])
        check_signed(folder)
        check_files(folder)
    studio.plugins.register()  # this process knew the metrics of someone else
