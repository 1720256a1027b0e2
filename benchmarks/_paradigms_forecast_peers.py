"""A child in the environment of forecasting peers: skforecast's recursive forecaster over LightGBM.

``python _paradigms_forecast_peers.py FILE``: forecasts take the place of the file's series. Its defaults,
but for the lags, of which it has none: a season, or five where there is none.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
from lightgbm import LGBMRegressor
from skforecast.recursive import ForecasterRecursive


def main(path: Path) -> None:
    answers = [answer(asked) for asked in json.loads(path.read_text(encoding="utf-8"))]
    path.write_text(json.dumps(answers), encoding="utf-8")


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    started, forecasts = time.process_time(), []
    for values in asked["series"]:
        lags = min(asked["season"] if asked["season"] > 1 else 5, len(values) // 2)
        learner = LGBMRegressor(random_state=0, verbose=-1, n_jobs=1)
        forecaster = ForecasterRecursive(learner, lags=lags)
        forecaster.fit(y=pd.Series(values, dtype=float))
        forecasts.append(forecaster.predict(steps=asked["horizon"]).tolist())
    return {"forecasts": forecasts, "seconds": time.process_time() - started}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
