"""Faulty plug-ins, each with the check that has to catch it and the words in which it is named."""

from __future__ import annotations

from dataclasses import dataclass

_HEAD = """
import ctypes, os, random, subprocess, sys, time
from pathlib import Path
import numpy as np
import pandas as pd
from litmus_core.plugins import (
    action, algorithm, data_source, exporter, hook, metric, postprocessor, preprocessor, task_type
)

kept = []
"""
LIMIT_S = 2.0  # for what hangs
ENDLESS_S = 6.0  # for what has to get as far as to do something, over and over
HANGS = "it was not done in the 2 s"


_RATES = (
    "@task_type(base='regression', columns=('size',), loss='poisson', example=((0, 1.0), (3, 0.5)))\n"
    "class Faulty:\n    def __init__(self, size: str = 'size'):\n        self.size = size\n"
)


_ORDER = (
    "@task_type(base='regression', columns=('team',), group='team', predicts='order', loss={loss},\n"
    "    default_metric='first', example=((0, 'a'), (2, 'a'), (1, 'b')))\n"
    "class Faulty:\n    def __init__(self, team: str = 'team'):\n        self.team = team\n"
    "    def encode(self, values, rows):\n        return values\n"
)


@dataclass(frozen=True)
class Fault:
    """A plug-in called ``Faulty`` that goes wrong in one way."""

    name: str
    code: str
    check: str
    said: str

    @property
    def limit_s(self) -> float | None:
        """How long it may take, where it never ends; None where it does."""
        return LIMIT_S if self.said == HANGS else ENDLESS_S if self.name.endswith("without end") else None


def _pre(name: str, body: str, check: str, said: str, fit: str = "pass") -> Fault:
    code = f"""
@preprocessor
class Faulty:
    def fit(self, frame, target):
        {fit}

    def transform(self, frame):
        {body}
"""
    return Fault(f"preprocess: {name}", code, check, said)


def _post(name: str, body: str, check: str, said: str, fit: str = "pass") -> Fault:
    code = f"""
@postprocessor
class Faulty:
    def fit(self, answers, rows, truth):
        {fit}

    def apply(self, answers, rows):
        {body}
"""
    return Fault(f"postprocess: {name}", code, check, said)


def _metric(name: str, body: str, check: str, said: str, mark: str = "greater_is_better=True") -> Fault:
    code = f"""
@metric(needs="labels", low=0, high=1, {mark})
def Faulty(truth, answer):
    {body}
"""
    return Fault(f"metric: {name}", code, check, said)


_GAIN = "{'value': 0.01, 'low': 0.0, 'high': 0.02}"


def _action(name: str, body: str, check: str, said: str) -> Fault:
    code = f"""
@action
class Faulty:
    def propose(self, situation, rows):
        {body}
"""
    return Fault(f"action: {name}", code, check, said)


def _proposal(more: str = "", gain: str = _GAIN) -> str:
    return f"return [{{'key': 'a', 'title': 'A', 'gain': {gain}, {more}}}]"


def _algorithm(name: str, fit: str, answer: str, check: str, said: str) -> Fault:
    code = f"""
@algorithm
class Faulty:
    def fit(self, X, y):
        {fit}
        self.classes_ = np.unique(y)
        return self

    def predict_proba(self, X):
        {answer}
"""
    return Fault(f"algorithm: {name}", code, check, said)


_SAME = "return frame.assign(double=frame['amount'] * 2)"
_SLEEPS = "[sys.executable, '-c', 'import time; time.sleep(600)']"

FAULTS = (
    _pre(
        "raises", "raise ValueError('no luck')", "runs", "ValueError: no luck, in line 18 of faulty_parts.py"
    ),
    _pre("hangs in fit", _SAME, "runs", HANGS, fit="time.sleep(600)"),
    _pre("hangs and never stops counting", "while True: pass", "runs", HANGS),
    _pre("prints", "print('x' * 500_000); " + _SAME, "prints little", "it printed"),
    _pre("prints without end", "while True: print('x' * 10_000)", "prints little", "it printed"),
    _pre(
        "starts a daemon",
        f"subprocess.Popen({_SLEEPS}, start_new_session=True); {_SAME}",
        "leaves no process",
        "it left processes behind",
    ),
    _pre("forks", f"os.fork() or time.sleep(600); {_SAME}", "leaves no process", "it left processes behind"),
    _pre("leaks memory", f"kept.append(np.ones(1_500_000)); {_SAME}", "does not grow", "its process grew by"),
    _pre("eats memory", "return frame.assign(big=np.ones(1 << 38)[:1])", "runs", "memory"),
    _pre(
        "leaks the answers",
        "return frame.assign(known=[self.known.get(each, -1) for each in frame.index])",
        "does not leak the target",
        "the column 'known' reveals the target",
        fit="self.known = dict(target)",
    ),
    _pre(
        "looks at other rows",
        "return frame.assign(centred=frame['amount'] - frame['amount'].mean())",
        "each row on its own",
        "the column 'centred' differs for one row alone and among others",
    ),
    _pre("drops rows", "return frame[frame['amount'] > 30]", "runs", "rows for 240"),
    _pre("sorts rows", "return frame.sort_values('amount')", "runs", "put the rows into another order"),
    _pre(
        "changes its input",
        "frame['amount'] = frame['amount'].clip(0, 50); return frame",
        "does not change its input",
        "transform changes the frame that it is given",
    ),
    _pre(
        "draws at random",
        "return frame.assign(noise=self.size * frame['amount'])",
        "same seed, same answer",
        "the column 'noise' differs when it was fitted again with the same seed",
        fit="self.size = random.SystemRandom().random()",
    ),
    _pre("cannot be pickled", _SAME, "runs", "it was fitted but cannot be kept", fit="self.f = lambda x: x"),
    _pre(
        "forgets when it is kept",
        "return frame.assign(n=len(kept))",
        "can be pickled",
        "the column 'n' differs after it was pickled and loaded",
        fit="kept.append(1)",
    ),
    _pre(
        "fails on missing values",
        "return frame.assign(n=[int(each) for each in frame['amount']])",
        "missing values",
        "cannot convert float NaN to integer",
    ),
    _pre(
        "fails on unseen values",
        "return frame.assign(code=[self.codes.get(each, 0) if each is None or each != each else "
        "self.codes[each] for each in frame['city']])",
        "unseen values",
        "KeyError",
        fit="self.codes = {each: at for at, each in enumerate(frame['city'].dropna().unique())}",
    ),
    _pre(
        "gives infinite numbers",
        "return frame.assign(one=1.0 / (frame['amount'] * 0))",
        "finite numbers",
        "the column 'one' holds infinite numbers",
    ),
    _pre("exits", "sys.exit(3)", "runs", "it called sys.exit(3)"),
    _pre("ends its process", "os._exit(7)", "runs", "its process ended by itself (exit code 7)"),
    _pre("crashes", "ctypes.string_at(0)", "runs", "its process crashed (SIGSEGV)"),
    _pre("returns no frame", "return frame['amount'].tolist()", "runs", "transform returned list"),
    _post("gives no probabilities", "return answers * [2, 2]", "runs", "negative or do not sum to 1"),
    _post("changes the shape", "return answers[:, :1]", "runs", "an array of shape (240, 1)"),
    _post(
        "knows the truth",
        "p = np.array([self.known.get(each, 0.5) for each in rows.index]); "
        "return np.column_stack([1 - p, p])",
        "does not leak the target",
        "its answers tell the truth",
        fit="self.known = dict(zip(rows.index, truth.astype(float)))",
    ),
    _post(
        "ranks the batch",
        "p = answers[:, 1].argsort().argsort() / len(answers); return np.column_stack([1 - p, p])",
        "each row on its own",
        "its answers differ for one row alone",
    ),
    _post(
        "changes its input", "answers[:] = 0.5; return answers", "does not change its input", "the answers"
    ),
    _metric(
        "lies about its direction",
        "return float((truth == answer).mean())",
        "its direction is true",
        "it declares that smaller is better, but perfect predictions score 1 and wrong ones 0",
        mark="greater_is_better=False",
    ),
    _metric(
        "lies about its range",
        "return float((truth == answer).sum())",
        "its range is true",
        "it declares that no score is above 1, and gave",
    ),
    _metric(
        "draws at random", "return random.SystemRandom().random()", "same predictions, same score", "and then"
    ),
    _metric(
        "gives no number", "return float('nan')", "runs", "it returned nan, which is not a finite number"
    ),
    _metric("gives a text", "return 'good'", "runs", "it returned str, not a number"),
    _metric("hangs", "time.sleep(600)", "runs", HANGS),
    _algorithm("hangs", "time.sleep(600)", "return 1", "runs", HANGS),
    _algorithm(
        "gives too many columns", "pass", "return np.ones((len(X), 9))", "runs", "an array of shape (200, 9)"
    ),
    _algorithm(
        "looks at other rows",
        "pass",
        "p = (X[:, 0] > X[:, 0].mean()) * 0.5; return np.column_stack([1 - p, p])",
        "each row on its own",
        "its answers differ for one row alone",
    ),
    Fault(
        "data source: reads anything",
        "@data_source(prefix='shop://')\ndef Faulty(location):\n    return pd.DataFrame({'a': [1]})\n",
        "says where there is nothing",
        "it read a table from there-is-nothing-here",
    ),
    Fault(
        "data source: has no file",
        "@data_source(prefix='shop://', example='shop://a')\ndef Faulty(location):\n"
        "    return Path('/no/file.csv')\n",
        "reads its example",
        "where there is no file",
    ),
    Fault(
        "task type: loses answers",
        "@task_type(base='regression')\nclass Faulty:\n"
        "    def encode(self, values):\n        return np.log1p(np.asarray(values, dtype=float))\n"
        "    def decode(self, answers):\n        return np.expm1(answers)[:3]\n",
        "encodes and decodes",
        "decode returned (3,) for 40 answers",
    ),
    Fault(
        "task type: looks at other values",
        "@task_type(base='regression')\nclass Faulty:\n"
        "    def encode(self, values):\n        return np.asarray(values, dtype=float) - np.mean(values)\n"
        "    def decode(self, answers):\n        return np.asarray(answers)\n",
        "each value on its own",
        "encode makes 0.0 of one value",
    ),
    Fault(
        "task type: forgets its column",
        f"{_RATES}    def encode(self, values, rows):\n        return values / rows[self.size]\n"
        "    def decode(self, answers, rows):\n        return answers\n",
        "gives the truth back",
        "it makes 6 of 3, and 6 of that again",
    ),
    Fault(
        "task type: learns what its loss is not of",
        f"{_RATES}    def encode(self, values, rows):\n        return values - 5\n"
        "    def decode(self, answers, rows):\n        return answers + 5\n",
        "suits its loss",
        "encode returned -5, and the loss poisson is of numbers from 0",
    ),
    Fault(
        "task type: turns an order around",
        f"{_ORDER.format(loss={'lightgbm': 'lambdarank'})}    def decode(self, answers, rows):\n"
        "        return -answers\n",
        "gives the truth back",
        "it puts 0 and 2 into another order: it answers -0 and -2",
    ),
    Fault(
        "task type: has a family learn groups that cannot",
        f"{_ORDER.format(loss={'linear': 'lambdarank'})}    def decode(self, answers, rows):\n"
        "        return answers\n",
        "suits its loss",
        "it has linear learn within groups, which only lightgbm and lightgbm_random can",
    ),
    Fault(
        "metric: stops at a small group",
        "@metric(needs='values by group', greater_is_better=False, low=0)\ndef Faulty(truth, answer):\n"
        "    if len(truth) < 2:\n        raise ValueError('too few')\n"
        "    return float(np.abs(truth - answer).mean())\n",
        "few rows",
        "it stops at a group of 1 rows; return float('nan') to leave one out",
    ),
    Fault(
        "task type: weighs below 0",
        f"{_RATES}    def encode(self, values, rows):\n        return values / rows[self.size]\n"
        "    def decode(self, answers, rows):\n        return answers * rows[self.size]\n"
        "    def weigh(self, values, rows):\n        return -rows[self.size]\n",
        "suits its loss",
        "weigh did not return a number from 0",
    ),
    Fault(
        "task type: refuses its example",
        f"{_RATES}    def encode(self, values, rows):\n        return values / rows[self.size]\n"
        "    def decode(self, answers, rows):\n        return answers * rows[self.size]\n"
        "    def check(self, values, rows):\n        return 'Nothing will do.'\n",
        "takes its example",
        "check refuses its own example: Nothing will do",
    ),
    Fault(
        "task type: changes its rows",
        f"{_RATES}    def encode(self, values, rows):\n        return values / rows[self.size]\n"
        "    def decode(self, answers, rows):\n        rows[self.size] *= answers\n"
        "        return rows[self.size]\n",
        "encodes and decodes",
        "decode changes the values or rows that it is given",
    ),
    Fault(
        "exporter: writes nothing",
        "@exporter\nclass Faulty:\n    def write(self, bundle, to):\n        return to\n",
        "writes",
        "where nothing is",
    ),
    Fault(
        "exporter: changes the bundle",
        "@exporter\nclass Faulty:\n    def write(self, bundle, to):\n        to.write_text('')\n"
        "        [each.unlink() for each in bundle.iterdir()]\n        return to\n",
        "writes",
        "write changes the bundle",
    ),
    Fault(
        "hook: raises",
        "@hook\nclass Faulty:\n    def on_verdict(self, verdict):\n        raise OSError('no network')\n",
        "looks on",
        "OSError: no network",
    ),
    _action("raises", "raise OSError('no server')", "proposes", "OSError: no server, in line"),
    _action("hangs", "time.sleep(600)", "proposes", HANGS),
    _action(
        "lies about its gain's kind",
        _proposal(gain="{'value': 'large', 'low': 0.0, 'high': 1.0}"),
        "proposes",
        "the gain of 'a' has value = 'large', which is not a finite number",
    ),
    _action(
        "promises percent",
        _proposal(gain="{'value': 3.0, 'low': 1.0, 'high': 5.0}"),
        "its gains can come true",
        "'a' promises a gain of 3, and only 0.16 is left between the score and the best one of roc_auc",
    ),
    _action(
        "plans nonsense",
        _proposal("'plan': {'families': ['lightgmb']}"),
        "its plans can go",
        "the plan of 'a' cannot go: There is no model family 'lightgmb'. Did you mean 'lightgbm'?",
    ),
    _action(
        "weighs the classes of numbers",
        _proposal("'plan': {'balanced': True}"),
        "its plans can go",
        "the plan of 'a' cannot go: A number has no classes that could weigh the same.",
    ),
    _action(
        "asks for a step that answers it does not have need",
        _proposal("'plan': {'postprocess': ['round(step=0)']}"),
        "its plans can go",
        "the plan of 'a' cannot go: ",
    ),
    _action(
        "changes the rows",
        "rows['answer'] = 0; return []",
        "does not change its input",
        "propose changes the rows",
    ),
    _action(
        "proposes at random",
        "return [{'key': os.urandom(4).hex(), 'title': 'A', 'gain': " + _GAIN + "}]",
        "same situation, same proposals",
        "of the same situation it proposes something else",
    ),
    _action(
        "leaves a process",
        "subprocess.Popen(['sleep', '600'], start_new_session=True); return []",
        "leaves no process",
        "it left processes behind",
    ),
    _action("prints a lot", "print('x' * 3_000_000); return []", "prints little", "it printed"),
)

# All in one file, so that it is described once; the first stays where its words say that its line is.
CLASSES = {fault.name: f"Faulty{place}" for place, fault in enumerate(FAULTS)}
SOURCE = _HEAD + "\n".join(fault.code.replace("Faulty", CLASSES[fault.name]) for fault in FAULTS)
