"""Product titles alone: macro F1 on three fixed splits beside a TF-IDF linear SVM, and one title's time.

Each training sees the rows of scikit-learn's training part only, chooses by its own folds, and answers the
test part once, from the exported bundle. A part's own test rows are few (``_OWN_TEST``): its test part is
the one outside. An encoder, where one is installed, is trained on the first split, for its time and size.
"""

from __future__ import annotations

import hashlib
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._harness import Figure, Run, code_hash, versions
from litmus_core import Compute, Data

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).parents[1]
TITLE, LABEL = "Product Title", "Category Label"
SAME = {"CPU": "CPUs", "fridge": "Fridges", "Mobile Phone": "Mobile Phones"}
SEEDS = (0, 1, 2)
MOST_S = 600.0
_TIME_LIMIT_S, _FOLDS, _OWN_TEST = 300.0, 5, 0.02
_CALLS = 500
_TOGETHER = [["text_linear", "text_nearest"]]
_PACKAGES = ("autogluon.tabular", "numpy", "onnxruntime", "pandas", "scikit-learn")


def titles(run: Run, path: Path) -> list[Figure]:
    """Return the figures; finished splits are kept."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    code = code_hash(ROOT / "litmus_core", Path(__file__))
    key = {"part": "titles", "titles": digest, "code": code, "versions": versions(*_PACKAGES)}
    found = []
    for seed in SEEDS:
        made = run.results.cached({**key, "seed": seed}, lambda seed=seed: _split(path, seed))
        run.say(f"titles, split {seed}: {made}")
        found.append(made)
    figures = [
        _figure("titles_macro_f1", _mean(found, "litmus"), "macro F1", 0.993, "higher"),
        _figure("titles_macro_f1 of a TF-IDF linear SVM", _mean(found, "svm"), "macro F1", None, "higher"),
        _figure("one title ms", max(each["title_ms"] for each in found), "ms, p50", 1.0, "lower"),
        _figure("titles: the longest training", max(each["seconds"] for each in found), "s", MOST_S, "lower"),
    ]
    return [*figures, *_of_encoder(run, path, key)]


def _of_encoder(run: Run, path: Path, key: dict[str, Any]) -> list[Figure]:
    from litmus_core.engine import available_families
    from litmus_core.types import Column

    column = Column(name=TITLE, original_name=TITLE, kind="text", storage="VARCHAR")
    if "encoder" not in {card.key for card in available_families("multiclass", [column])}:
        return []
    made = run.results.cached({**key, "part": "encoder"}, lambda: _encoder(path))
    run.say(f"titles, encoder: {made}")
    return [
        _figure("encoder, frozen: macro F1 on split 0", made["litmus"], "macro F1", None, "higher"),
        _figure("encoder: one title ms", made["title_ms"], "ms, p50", 15.0, "lower"),
        _figure("encoder: bundle", made["size_mb"], "MB", None, "lower"),
        _figure("encoder: training", made["seconds"], "s", MOST_S, "lower"),
    ]


def read_titles(path: Path) -> pd.DataFrame:
    """Return the rows that have a title and a label, in the file's order; labels spelled alike are one."""
    import pandas as pd

    frame = pd.read_csv(path)
    frame.columns = [name.strip() for name in frame.columns]
    frame = frame[[TITLE, LABEL]].dropna()
    frame[LABEL] = frame[LABEL].str.strip().replace(SAME)
    return frame.reset_index(drop=True)


def _parts(path: Path, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    from sklearn.model_selection import train_test_split

    frame = read_titles(path)
    train, test = train_test_split(frame, test_size=0.2, stratify=frame[LABEL], random_state=seed)
    return train, test


def _split(path: Path, seed: int) -> dict[str, float]:
    train, test = _parts(path, seed)
    return {"svm": _svm(train, test), **_litmus(train, test, algorithm=_TOGETHER, folds=_FOLDS)}


def _encoder(path: Path) -> dict[str, float]:
    train, test = _parts(path, SEEDS[0])
    return _litmus(train, test, algorithm="encoder", folds=0)


def _svm(train: pd.DataFrame, test: pd.DataFrame) -> float:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    words = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    model = make_pipeline(words, LinearSVC()).fit(train[TITLE], train[LABEL])
    return _macro_f1(test, model.predict(test[TITLE]))


def _litmus(train: pd.DataFrame, test: pd.DataFrame, *, algorithm: Any, folds: int) -> dict[str, float]:
    import litmus_core
    from litmus_core.runtime import load_bundle
    from litmus_core.types import SplitPlan

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        handle = litmus_core.train(
            Data(train, split=SplitPlan(test_fraction=_OWN_TEST)),
            LABEL,
            goal="f1_macro",
            compute=Compute(time_limit_s=_TIME_LIMIT_S),
            algorithm=algorithm,
            folds=folds or None,
            workspace=folder,
        )
        try:
            best = handle.wait().best
            seconds = time.perf_counter() - started
            record = best.export(Path(folder) / "titles.zip")
        finally:
            handle.studio.close()
        bundle = load_bundle(record.path)
        rows = [{TITLE: title} for title in test[TITLE]]
        answers = [each["label"] for each in bundle.predict_records(rows)]
        return {
            "litmus": _macro_f1(test, answers),
            "title_ms": _one_ms(bundle, rows),
            "seconds": seconds,
            "size_mb": record.n_bytes / 1e6,
        }


def _one_ms(bundle: Any, rows: list[dict[str, Any]]) -> float:
    """Return the median of calls with one title each, after a few that are not counted."""
    times = []
    for row in rows[: _CALLS + 20]:
        began = time.perf_counter()
        bundle.predict([row])
        times.append(time.perf_counter() - began)
    return 1000.0 * statistics.median(times[20:])


def _macro_f1(test: pd.DataFrame, answers: Any) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(test[LABEL], answers, average="macro"))


def _mean(found: list[dict[str, float]], name: str) -> float:
    return statistics.fmean(each[name] for each in found)


def _figure(name: str, value: float, unit: str, target: float | None, better: Any) -> Figure:
    return Figure(name=name, value=value, unit=unit, target=target, better=better)
