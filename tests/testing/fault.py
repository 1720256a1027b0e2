"""Plug-ins that go wrong in one way, written from the line that does."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = """
import ctypes, os, random, subprocess, sys, time
from pathlib import Path
import numpy as np
import pandas as pd
from litmus_core.plugins import (
    action, algorithm, certificate_line, data_source, exporter, hook, metric, postprocessor,
    preprocessor, task_type
)

kept = []
"""
LIMIT_S = 2.0  # for what hangs
ENDLESS_S = 6.0  # for what has to get as far as to do something, over and over
HANGS = "it was not done in the 2 s"


RATES = (
    "@task_type(base='regression', columns=('size',), loss='poisson', example=((0, 1.0), (3, 0.5)))\n"
    "class Faulty:\n    def __init__(self, size: str = 'size'):\n        self.size = size\n"
)


ORDER = (
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


def pre(name: str, body: str, check: str, said: str, fit: str = "pass") -> Fault:
    code = f"""
@preprocessor
class Faulty:
    def fit(self, frame, target):
        {fit}

    def transform(self, frame):
        {body}
"""
    return Fault(f"preprocess: {name}", code, check, said)


def post(name: str, body: str, check: str, said: str, fit: str = "pass") -> Fault:
    code = f"""
@postprocessor
class Faulty:
    def fit(self, answers, rows, truth):
        {fit}

    def apply(self, answers, rows):
        {body}
"""
    return Fault(f"postprocess: {name}", code, check, said)


def metric(name: str, body: str, check: str, said: str, mark: str = "greater_is_better=True") -> Fault:
    code = f"""
@metric(needs="labels", low=0, high=1, {mark})
def Faulty(truth, answer):
    {body}
"""
    return Fault(f"metric: {name}", code, check, said)


GAIN = "{'value': 0.01, 'low': 0.0, 'high': 0.02}"


def action(name: str, body: str, check: str, said: str) -> Fault:
    code = f"""
@action
class Faulty:
    def propose(self, situation, rows):
        {body}
"""
    return Fault(f"action: {name}", code, check, said)


def line(name: str, body: str, check: str, said: str) -> Fault:
    code = f"""
@certificate_line
class Faulty:
    def check(self, facts, rows, predictions):
        {body}
"""
    return Fault(f"certificate line: {name}", code, check, said)


def proposal(more: str = "", gain: str = GAIN) -> str:
    return f"return [{{'key': 'a', 'title': 'A', 'gain': {gain}, {more}}}]"


def algorithm(name: str, fit: str, answer: str, check: str, said: str) -> Fault:
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


SAME = "return frame.assign(double=frame['amount'] * 2)"
SLEEPS = "[sys.executable, '-c', 'import time; time.sleep(600)']"
