"""The process that someone's own model is fitted and asked in.

    python -m litmus_core.engine._custom.child FD MODULES MEMORY_BYTES check|fit

Requests are JSON lines on stdin, answers JSON lines on the descriptor FD: ``{"ok": {…}}`` or ``{"stopped":
"why, in words"}``. Rows and answers lie in files. It ends when stdin does, or when nobody asks for a while.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import sys
import threading
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from litmus_core.engine._custom._ends import CustomStoppedError, words_of

IDLE_S = 120.0


def main() -> None:
    """Answer requests until nobody asks any more."""
    answers, modules = int(sys.argv[1]), Path(sys.argv[2])
    _limit(int(sys.argv[3]))
    asked = _requests()
    if sys.argv[4] == "fit":
        _import_early()
    sys.path.insert(0, str(modules))
    server = _Server(modules)
    while True:
        try:
            request = asked.get(timeout=IDLE_S)
        except queue.Empty:
            return
        line = json.dumps(server.answer(request)) + "\n"
        os.write(answers, line.encode())


def _import_early() -> None:
    """Import what every fit needs, while the parent still prepares."""
    import pandas  # noqa: ICN001, F401


def _limit(memory_bytes: int) -> None:
    """Let this process, before any other, be what a lack of memory ends."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    Path("/proc/self/oom_score_adj").write_text("1000")


def _requests() -> queue.Queue[dict[str, Any]]:
    """Return the requests as they come; their end is this process's. Whoever reads stdin finds it empty."""
    asked: queue.Queue[dict[str, Any]] = queue.Queue()
    own = os.fdopen(os.dup(0), "r", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)

    def read() -> None:
        for line in own:
            asked.put(json.loads(line))
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return asked


class _Server:
    """Does what is asked; the model that was asked last stays in memory."""

    def __init__(self, modules: Path) -> None:
        self.modules = modules
        self._opened: tuple[str, Any] = ("", None)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer's JSON; whatever someone's code raises is put into words."""
        try:
            return {"ok": getattr(self, f"do_{request.pop('do')}")(**request)}
        except BaseException as error:  # noqa: BLE001 - sys.exit too must not end the process unsaid
            import traceback

            traceback.print_exc()
            return {"stopped": words_of(error, self.modules)}

    def do_check(
        self, module: str, name: str, problem_type: str, parameters: dict[str, Any]
    ) -> dict[str, Any]:
        """Import the class, make one, and say what it lacks, with a hint; nothing where it has all."""
        from litmus_core.engine._custom._fitted import find_maker, is_autogluon, unknown_parameters

        try:
            maker = find_maker(module, name)
        except AttributeError:
            if module not in sys.modules or hasattr(sys.modules[module], name):
                raise
            known = [each for each in dir(sys.modules[module]) if not each.startswith("_")]
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(known[:20])}."
            return {"lacks": f"has no '{name}'", "hint": hint}
        if not callable(maker):
            return {
                "lacks": f"has '{name}', which is neither a class nor a function",
                "hint": "Name a class.",
            }
        if lacks := unknown_parameters(maker, name, parameters):
            return lacks
        return {} if is_autogluon(maker) else _missing_words(maker(**parameters), name, problem_type)

    def do_fit(self, *, module: str, name: str, rows: str, to: str, **facts: Any) -> dict[str, Any]:
        """Fit on the pickled ``rows`` and pickle the fitted model at ``to``."""
        import pandas as pd

        from litmus_core.engine._custom._fitted import find_maker, fit_model

        given: dict[str, Any] = pd.read_pickle(rows)  # noqa: S301 - the parent wrote it
        fitted = fit_model(find_maker(module, name), given, **facts)
        try:
            kept = pickle.dumps(fitted, protocol=5)
        except Exception as error:
            raise CustomStoppedError(f"it was fitted but cannot be kept: {error}") from error
        Path(to).write_bytes(kept)
        return {"n_bytes": len(kept)}

    def do_predict(self, *, fitted: str, rows: str, to: str) -> dict[str, Any]:
        """Answer the pickled ``rows`` with the model at ``fitted`` and write the array to ``to``."""
        import numpy as np
        import pandas as pd

        if self._opened[0] != fitted:
            self._opened = (fitted, pickle.loads(Path(fitted).read_bytes()))  # noqa: S301 - that is its job
        answer = self._opened[1].answer(pd.read_pickle(rows))  # noqa: S301 - the parent wrote it
        np.save(to, np.asarray(answer, dtype=np.float64), allow_pickle=False)
        return {}


def _missing_words(estimator: Any, name: str, problem_type: str) -> dict[str, Any]:
    for word in ("fit", "predict" if problem_type == "regression" else "predict_proba"):
        if not callable(getattr(estimator, word, None)):
            hint = f"Give it {word}, as scikit-learn's models have it."
            if word == "predict_proba":
                hint += " sklearn.calibration.CalibratedClassifierCV gives one to a classifier without."
            return {"lacks": f"has '{name}', which has no {word}", "hint": hint}
    return {}


if __name__ == "__main__":
    main()
