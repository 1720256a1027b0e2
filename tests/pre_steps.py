"""Pre-processors as tests use them: some that are traced, some that run as Python, and every fault."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np
import pandas as pd

WIDTH = 'width "in" [mm]'


class Tidy:
    """Learns a median and a table of counts; all of it can be traced."""

    def __init__(self, *, most: float = 4.0) -> None:
        self.most = most

    def fit(self, frame: pd.DataFrame, target: Any) -> None:
        self.median_ = frame[WIDTH].median()
        self.often_ = frame["target"].value_counts(normalize=True).to_dict()

    def transform(self, frame: Any) -> Any:
        frame = frame.copy()
        width = frame[WIDTH].fillna(self.median_).clip(upper=self.most)
        frame["wide"] = np.log1p(width.abs())
        frame["squared"] = width**2 - frame["count"] * 0.5
        frame["often"] = frame["target"].map(self.often_).fillna(0.0)
        frame["lid"] = frame["label text"].str.contains("lid", na=False)
        frame["size word"] = frame["label text"].str.lower().str.split().str[0]
        frame["late"] = (frame["when"] - pd.Timestamp("2024-06-01")).dt.days
        frame["kind"] = np.where(frame["count"] > 4, "many", "few")
        frame.loc[frame[WIDTH].isna(), "squared"] = -1.0
        return frame.drop(columns=["label text"]).rename(columns={"count": "number"})


class Weighs:
    """Learns a mean with the weights of rows."""

    def fit(self, frame: pd.DataFrame, target: Any, sample_weight: Any = None) -> None:
        self.mean_ = float(np.average(frame["count"].fillna(0.0), weights=sample_weight))

    def transform(self, frame: Any) -> Any:
        return frame.assign(apart=frame["count"] - self.mean_)


class Second:
    """Goes on from what Tidy made."""

    def transform(self, frame: Any) -> Any:
        return frame.assign(both=frame["wide"] * frame["often"] + frame["lid"])


class ByHand:
    """Right in every way, but written with a function for each text, which cannot be traced."""

    def fit(self, frame: pd.DataFrame, target: Any) -> ByHand:
        self.longest_ = int(frame["label text"].str.len().max())
        return self

    def transform(self, frame: Any) -> Any:
        share = [len(text or "") / self.longest_ for text in frame["label text"]]
        return frame.assign(share=share, lid=frame["label text"] == "lid")


class ByAnswers:
    """Maps a category to the mean of the answers it had: learns from the target."""

    def fit(self, frame: pd.DataFrame, target: pd.Series[Any]) -> None:
        codes = pd.Series(pd.factorize(target, sort=True)[0], index=target.index)
        self.means_ = codes.groupby(frame["target"]).mean()

    def transform(self, frame: Any) -> Any:
        return frame.assign(mean=frame["target"].map(self.means_))


class LooksBeside(Second):
    def transform(self, frame: Any) -> Any:
        return frame.assign(centred=frame["count"] - frame["count"].mean())


class DependsOnRows(Second):
    def transform(self, frame: Any) -> Any:
        return pd.concat([frame, pd.get_dummies(frame["target"])], axis=1)


class DropsRows(Second):
    def transform(self, frame: Any) -> Any:
        return frame.dropna()


class Reorders(Second):
    def transform(self, frame: Any) -> Any:
        return frame.sort_values("count")


class ChangesInput(Second):
    def transform(self, frame: Any) -> Any:
        frame["count"] = 0.0
        return frame


class NoFrame(Second):
    def transform(self, frame: Any) -> Any:
        return frame["count"].tolist()


class NoColumns(Second):
    def transform(self, frame: Any) -> Any:
        return frame.drop(columns=list(frame.columns))


class MakesTheAnswer(Second):
    def transform(self, frame: Any) -> Any:
        return frame.assign(answer=1.0)


class StopsAtMissing(Second):
    def transform(self, frame: Any) -> Any:
        return frame.assign(n=[len(text) for text in frame["label text"]])


class Raises(Second):
    def fit(self, frame: pd.DataFrame, target: Any) -> None:
        raise ValueError("no luck")


class Hangs(Second):
    def transform(self, frame: Any) -> Any:
        while True:
            time.sleep(1)


class Dies(Second):
    def transform(self, frame: Any) -> Any:
        os._exit(3)


class HoldsLists(Second):
    def transform(self, frame: Any) -> Any:
        return frame.assign(words=frame["label text"].str.split())


class Lies(Second):
    """Does one thing to rows and another to a frame that is traced."""

    def transform(self, frame: Any) -> Any:
        return frame.assign(more=frame["count"] + (1 if isinstance(frame, pd.DataFrame) else 2))


class NotKept(Second):
    def fit(self, frame: pd.DataFrame, target: Any) -> None:
        self.function = lambda: 1


class NoTransform:
    pass
