"""The frame's text kernel on one thread, beside the columns layout and pandas: microseconds a row.

Two columns of made-up titles are joined, lowered, stripped of punctuation and of 50 stop words, cut to 80
letters and measured; one row in five has letters beyond ASCII. Time is that of the thread on the processor,
so that a busy machine tells nearly the same. What the kernel makes is compared before it is timed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import thread_time
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks._harness import Figure, Run, main
from litmus_core.frame._graph import Graph, apply, source
from litmus_core.frame._kernel import compile_chain
from litmus_core.frame._layouts.layouts import ColumnsLayout, PandasLayout

_STOP = [
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "do", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into",
    "is", "it", "its", "more", "no", "not", "of", "on", "one", "or", "our", "out", "she", "so", "some",
    "than", "that", "the", "their", "them",
]  # fmt: skip
_NOUNS = [
    "fridge", "freezer", "lamp", "chair", "table", "phone", "case", "cover", "charger", "cable", "kettle",
    "knife", "shelf", "drawer", "mirror",
]  # fmt: skip
_FAR = ["café", "naïve", "größe", "señor", "ñandú", "冷蔵庫", "лампа", "ΛΑΜΠΑ"]
_MARKS = ["", "", "", ",", ".", "!", " -", " (new)", "/", "'s", " 100%", " 2,5L"]
_FRESH = (
    "from time import process_time as now; import pyarrow as pa, pandas; texts = pa.array(['A é'])\n"
    "from litmus_core.frame._graph import Graph, apply, source\n"
    "from litmus_core.frame._layouts.layouts import ColumnsLayout\n"
    "start, a = now(), source('a', 'text')\n"
    "from litmus_core.frame._kernel import compile_chain\n"
    "compile_chain(Graph.of([a], [apply('strip punctuation', apply('lower', a))]))({'a': texts})\n"
    "print(now() - start)"
)


def figures(run: Run) -> list[Figure]:
    fresh = [float(subprocess.check_output([sys.executable, "-c", _FRESH])) for _ in range(3)]
    found = [_figure("first_call_fresh_process_s", median(fresh), "s", 1.0)]
    graph = chain()
    kernel, read = compile_chain(graph), dict.fromkeys(("title", "about"), lambda raw: raw)
    columns, frame = (each.compile(graph, read) for each in (ColumnsLayout(), PandasLayout()))
    for n_rows in map(int, run.options.rows.split(",")):
        run.say(f"{n_rows:,} rows")
        texts = {"title": titles(n_rows, 7, seed=1), "about": titles(n_rows, 12, seed=2)}
        arrays = {name: pa.array(each, pa.large_string()) for name, each in texts.items()}
        few = {name: each[:10_000] for name, each in texts.items()}
        if kernel.of_lists(few)[0] != columns(few)[0]:
            raise ValueError("The kernel and the columns layout differ.")
        found.append(_figure(f"kernel_{n_rows}", us_per_row(lambda: kernel(arrays), n_rows)))  # noqa: B023
        if n_rows == 10_000:
            objects = {name: pd.Series(each, dtype=object) for name, each in texts.items()}
            others: dict[str, Callable[[], Any]] = {
                "kernel_from_lists": lambda: kernel.of_lists(texts),  # noqa: B023
                "columns": lambda: columns(texts),  # noqa: B023
                "pandas": lambda: frame(objects),  # noqa: B023
            }
            found += [_figure(f"{name}_{n_rows}", us_per_row(call, n_rows)) for name, call in others.items()]
    return found


def chain() -> Graph:
    title, about = source("title", "text"), source("about", "text")
    clean = apply("strip punctuation", apply("lower", apply("join", title, about, between=" ")))
    text = apply("slice", apply("drop words", clean, words=tuple(_STOP)), start=0, stop=80, step=None)
    measures = [apply("length", text), apply("words", text), apply("digits", title)]
    return Graph.of([title, about], [text, *measures, apply("count", title, symbol="!")])


def titles(n_rows: int, n_words: int, *, seed: int) -> list[str | None]:
    """Return titles of ``n_words`` words or half more or less; one in twenty is missing."""
    rng = np.random.default_rng(seed)
    words = np.array([*_NOUNS, *_STOP, *_FAR], dtype=object)
    odds = np.repeat(
        [0.59 / len(_NOUNS), 0.4 / len(_STOP), 0.01 / len(_FAR)], [len(_NOUNS), len(_STOP), len(_FAR)]
    )
    counts = rng.integers(n_words // 2, n_words * 3 // 2 + 1, n_rows)
    chosen = words[rng.choice(len(words), counts.sum(), p=odds)]
    marked = chosen + np.array(_MARKS, dtype=object)[rng.integers(0, len(_MARKS), len(chosen))]
    ends = np.cumsum(counts)
    texts = [" ".join(marked[end - n : end]).title() for end, n in zip(ends, counts, strict=True)]
    return [None if gap else text for gap, text in zip(rng.random(n_rows) < 0.05, texts, strict=True)]


def us_per_row(call: Callable[[], Any], n_rows: int) -> float:
    """Return the median of nine calls, the first not counted."""
    call()
    taken = []
    for _ in range(9):
        started = thread_time()
        call()
        taken.append(thread_time() - started)
    return median(taken) / n_rows * 1e6


def _figure(name: str, value: float, unit: str = "us", target: float | None = None) -> Figure:
    return Figure(name=name, value=value, unit=unit, target=target, better="lower")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", default="1000,10000,100000,1000000", help="numbers of rows, with commas")


if __name__ == "__main__":
    main("kernel", figures, add_arguments=_arguments)
