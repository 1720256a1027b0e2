"""What people say to frames of pandas, by name: each is said of `f`, a frame of pandas or of ours."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from litmus_core.frame import ScalableDataFrame, concat

Say = Callable[[Any], Any]
DAY = datetime(2024, 2, 29, 12, 30)
ROWS: list[dict[str, Any]] = [
    {"n": 3, "x": 1.5, "y": -0.0, "a": "Yes", "b": "é́ x-1", "t": True, "d": DAY, "e": datetime(1969, 12, 31)},
    {"n": 0, "x": math.inf, "y": 2.0, "a": "", "b": "12", "t": False, "d": datetime(2023, 1, 1), "e": DAY},
    {"n": -(2**26), "x": -math.inf, "y": 0.0, "a": "no", "b": "Yes", "t": True, "d": DAY, "e": DAY},
    {"n": 2**26, "x": None, "y": None, "a": None, "b": " b ", "t": False, "d": None, "e": DAY},
    {
        "n": 7,
        "x": math.nan,
        "y": 5e-324,
        "a": "Yes",
        "b": "İ",
        "t": True,
        "d": DAY,
        "e": datetime(9999, 1, 1),
    },
]
# Of one or more columns, each to be computed alike: `f` is a frame of pandas or of ours.
OF_NUMBERS: dict[str, Say] = {
    **{
        f"{left} {sign} {right}": lambda f, sign=sign, left=left, right=right: getattr(operator, sign)(
            f[left], f[right] if isinstance(right, str) else right
        )
        for sign in ("add", "sub", "mul", "truediv", "floordiv", "mod", "lt", "le", "gt", "ge", "eq", "ne")
        for left, right in (("x", "y"), ("y", "x"), ("n", "n"), ("n", "x"), ("n", 2), ("x", -1.5), ("x", 0))
    },
    **{
        f"{left} {sign} turned {right}": lambda f, sign=sign, left=left, right=right: getattr(operator, sign)(
            right, f[left]
        )
        for sign in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lt", "eq")
        for left, right in (("x", 2.0), ("y", 0), ("n", 3))
    },
    **{f"{sign} of {name}": lambda f, sign=sign, name=name: getattr(operator, sign)(f[name])
       for sign in ("neg", "pos", "abs") for name in ("n", "x", "y")},
    "turned minus": lambda f: 1 / -f["n"],
    "turned product": lambda f: 1 / (f["n"] * -1),
    "whole product": lambda f: f["y"] // (f["n"] * -1),
    "power": lambda f: f["x"] ** 2,
    "root": lambda f: f["n"].abs() ** 0.5,
    "divmod": lambda f: divmod(f["x"], 2)[0],
    "matmul": lambda f: f["x"] @ f["y"],
    "shift": lambda f: f["n"] << 1,
    "and": lambda f: f["n"] & 1,
    "invert": lambda f: ~f["n"],
    "flags": lambda f: (f["x"] > 0) & ~f["t"] | (f["n"] == 3) ^ f["t"],
    "flag invert": lambda f: ~f["t"],
    "flag or true": lambda f: f["t"] | True,
    "flag plus": lambda f: f["t"] + 1,
    "flags plus": lambda f: f["t"] + f["t"],
    "flag minus": lambda f: f["t"] - f["t"],
    "round": lambda f: f["x"].round(1),
    "builtin round": lambda f: round(f["x"]),
    "clip": lambda f: f["x"].clip(-1, 1),
    "isin": lambda f: f["n"].isin([3, 2**26]),
    "fillna": lambda f: f["x"].fillna(0),
    "fillna column": lambda f: f["x"].fillna(f["y"]),
    "where": lambda f: f["x"].where(f["x"] > 0, -1),
    "mask": lambda f: f["n"].mask(f["n"] > 3),
    "between": lambda f: f["x"].between(0, 2),
    "map dict": lambda f: f["n"].map({3: 1.5, 7: None}),
    "replace": lambda f: f["x"].replace({1.5: 2}),
    "replace infinite": lambda f: f["x"].replace([np.inf, -np.inf], np.nan),
    "isna": lambda f: f["x"].isna(),
    "notnull": lambda f: f["d"].notnull(),
    "diff": lambda f: f["x"].diff(),
    "shifted": lambda f: f["x"].shift(1),
    "rank": lambda f: f["x"].rank(),
    "cumsum": lambda f: f["x"].cumsum(),
    "add fill": lambda f: f["x"].add(f["y"], fill_value=0),
    "dot": lambda f: f["x"].dot(f["y"]),
    "rolling": lambda f: f["x"].rolling(2).mean(),
}  # fmt: skip
TYPES: dict[str, Say] = {
    **{
        f"{name} as {to}": lambda f, name=name, to=to: f[name].astype(to)
        for name in ("n", "x", "y", "t", "a", "b", "d")
        for to in ("str", "int", "float", "bool", "object", "category", "string", "Int64", "float32", "int8")
    },
    **{
        f"{said} as str": lambda f, say=say: say(f).astype(str)
        for said, say in {
            "n plus": lambda f: f["n"] + 1, "n plus float": lambda f: f["n"] + 1.0,
            "n half": lambda f: f["n"] / 2, "n minus": lambda f: -f["n"],
            "n filled": lambda f: f["n"].fillna(0),
            "n whole": lambda f: f["n"].astype(int), "n float": lambda f: f["n"].astype(float),
            "n float whole": lambda f: f["n"].astype(float).astype(int),
            "n float plus": lambda f: f["n"].astype(float) + 1, "x plus": lambda f: f["x"].fillna(0) + 1,
            "x filled whole": lambda f: f["y"].fillna(0).astype(int),
            "x whole plus": lambda f: f["y"].fillna(0).astype(int) + 1,
            "len": lambda f: f["b"].str.len(), "year": lambda f: f["e"].dt.year,
            "flag": lambda f: f["x"] > 0, "flag whole": lambda f: (f["x"] > 0).astype(int),
            "flag float": lambda f: (f["x"] > 0).astype(float), "codes": lambda f: f["a"].map({"Yes": 1}),
            "clipped": lambda f: f["n"].clip(0, 5), "square": lambda f: np.square(f["n"]),
            "floor": lambda f: np.floor(f["n"]), "sqrt": lambda f: np.sqrt(f["n"].abs()),
            "chosen": lambda f: f["n"].where(f["n"] > 3, 0), "rounded": lambda f: f["y"].round(),
        }.items()
    },
    "n by str": lambda f: f["n"].map(str),
    "n by format": lambda f: f["n"].map("{:}".format),
    "n by repr": lambda f: f["n"].map(lambda value: repr(value)),
    "x by repr": lambda f: f["x"].map(lambda value: repr(value)),
    "t by repr": lambda f: f["t"].map(lambda value: repr(bool(value))),
    "n filtered by str": lambda f: f[f["n"] > 0]["n"].map(str),
    "n filtered as str": lambda f: f[f["n"] > 0]["n"].astype(str),
}  # fmt: skip
OF_TEXTS: dict[str, Say] = {
    **{
        f"{name} {sign} {right!r}": lambda f, sign=sign, name=name, right=right: getattr(operator, sign)(
            f[name], f["b"] if right == "b" else right
        )
        for sign in ("eq", "ne", "lt", "ge", "add", "mul", "mod")
        for name in ("a", "b")
        for right in ("b", "Yes", 3, None)
    },
    "radd": lambda f: "> " + f["a"],
    "numbers equal a text": lambda f: f["n"] == "Yes",
    "dates equal a text": lambda f: f["d"] == "2024-02-29",
    "date equals": lambda f: f["d"] == pd.Timestamp(DAY),
    "dates before": lambda f: f["d"] < f["e"],
    "in": lambda f: "Yes" in f["a"],
    "isin": lambda f: f["a"].isin(["Yes", ""]),
    "cat": lambda f: f["a"].str.cat(f["b"], sep="/"),
    "cat all": lambda f: f["a"].str.cat(sep="/"),
    "join": lambda f: f["b"].str.join("-"),
    "split": lambda f: f["b"].str.split("-"),
    "split equal": lambda f: f["b"].str.split("-") == "x",
    "split first": lambda f: f["b"].str.split("-").str[0],
    "extract equal": lambda f: f["b"].str.extract(r"(\d)") == "1",
    "extract": lambda f: f["b"].str.extract(r"(\d)")[0],
    "get_dummies": lambda f: f["a"].str.get_dummies(),
    "str equal": lambda f: f["a"].str == "Yes",
    "str truth": lambda f: bool(f["a"].str),
    "dt equal": lambda f: f["d"].dt == DAY,
    "calendar equal": lambda f: f["e"].dt.isocalendar() == 1,
    "calendar week": lambda f: f["e"].dt.isocalendar().week,
    "gap equal": lambda f: (f["e"] - f["d"]) == 1,
    "gap days": lambda f: (f["e"] - f["d"]).dt.days,
    "strftime": lambda f: f["d"].dt.strftime("%Y"),
    "tz": lambda f: f["d"].dt.tz_localize("UTC").dt.hour,
    "nanosecond": lambda f: f["d"].dt.nanosecond,
    "date": lambda f: f["d"].dt.date,
    **{
        f"str.{name}": lambda f, name=name: getattr(f["b"].str, name)()
        for name in ("lower", "upper", "title", "strip", "len", "isdigit", "isalpha", "casefold")
    },
    **{
        f"dt.{name}": lambda f, name=name: getattr(f["d"].dt, name)
        for name in ("year", "month", "day", "hour", "dayofweek", "quarter", "is_month_end", "is_leap_year")
    },
    "contains": lambda f: f["b"].str.contains("x|1"),
    "replace plain": lambda f: f["b"].str.replace("x", ""),
    "replace texts": lambda f: f["a"].replace("Yes", "Y"),
    "replace by pattern": lambda f: f["a"].replace("Y.*", "Y", regex=True),
    "fillna": lambda f: f["a"].fillna("none"),
    "map dict": lambda f: f["a"].map({"Yes": 1, "no": 0}),
    "map len": lambda f: f["b"].map(len),
    "where": lambda f: f["a"].where(f["n"] > 0, "other"),
    "slice": lambda f: f["b"].str[1:],
    "zfill": lambda f: f["b"].str.zfill(6),
    "date names": lambda f: f["e"].dt.day_name(),
}  # fmt: skip
# Python's, NumPy's and pandas' own functions, of a whole frame or a column.
ENTRIES: dict[str, Say] = {
    **{f"np.{name}": lambda f, name=name: getattr(np, name)(f["x"]) for name in (
        "abs", "sqrt", "exp", "log1p", "sign", "floor", "rint", "isnan", "isfinite", "isinf", "square",
        "signbit", "nan_to_num", "sum", "mean", "max", "sort", "unique", "cumsum", "asarray", "array",
        "negative", "ravel",
        "size", "shape", "ndim", "isscalar", "any", "all", "median", "diff", "argsort", "atleast_1d", "log",
    )},
    **{f"np.{name} of two": lambda f, name=name: getattr(np, name)(f["x"], f["y"]) for name in (
        "add", "maximum", "fmax", "hypot", "logical_and", "equal", "array_equal", "allclose", "isclose",
        "dot",
        "concatenate", "append", "where", "copysign", "heaviside", "power", "divmod", "fmod",
    )},
    **{f"np.{name} of a frame": lambda f, name=name: getattr(np, name)(f[["x", "y"]]) for name in (
        "abs", "asarray", "array", "sum", "isnan", "log1p", "mean", "shape", "where", "isfinite",
    )},
    "np scalar times frame": lambda f: np.float64(2) * f[["x", "y"]],
    "np array plus column": lambda f: np.ones(len(f)) + f["x"],
    "np.where": lambda f: np.where(f["a"] == "Yes", 1, 0),
    "np.where texts": lambda f: np.where(f["t"], "y", f["a"]),
    "np.select": lambda f: np.select([f["x"] > 1, f["n"] > 0], [1, 2], default=0),
    "np.clip": lambda f: np.clip(f["x"], 0, 1),
    "np.round": lambda f: np.round(f["x"], 1),
    "np.reduce": lambda f: np.add.reduce(f["x"]),
    "np.outer": lambda f: np.add.outer(f["x"], f["y"]),
    "np.out": lambda f: np.add(f["x"], 1, out=np.zeros(len(f))),
    **{f"pd.{name}": lambda f, name=name: getattr(pd, name)(f["a"]) for name in (
        "isna", "notna", "get_dummies", "factorize", "unique", "Series", "Index", "Categorical", "array",
        "to_datetime", "value_counts", "DataFrame",
    ) if hasattr(pd, name)},
    **{f"pd.{name} of numbers": lambda f, name=name: getattr(pd, name)(f["x"]) for name in (
        "isna", "to_numeric", "to_timedelta", "Series", "DataFrame", "Index", "unique",
    )},
    **{f"pd.{name} of a frame": lambda f, name=name: getattr(pd, name)(f) for name in (
        "isna", "notnull", "get_dummies", "DataFrame", "Series", "Index", "array", "Categorical", "melt",
        "to_datetime", "from_dummies", "json_normalize", "crosstab", "unique", "factorize",
    )},
    "pd.get_dummies columns": lambda f: pd.get_dummies(f, columns=["a"]),
    "pd.get_dummies part": lambda f: pd.get_dummies(f[["a", "b"]]),
    "pd.cut": lambda f: pd.cut(f["x"], [0, 1, 2], labels=False),
    "pd.qcut": lambda f: pd.qcut(f["n"], 2, labels=False),
    "pd.concat": lambda f: pd.concat([f[["x"]], f[["y"]]], axis=1),
    "pd.concat columns": lambda f: pd.concat([f["x"], f["y"]]),
    "pd.merge": lambda f: pd.merge(f, f, on="n"),
    "pd.pivot_table": lambda f: pd.pivot_table(f, values="x", index="a"),
    "pd.crosstab": lambda f: pd.crosstab(f["a"], f["b"]),
    "pd.eval": lambda f: pd.eval("f.x + 1", local_dict={"f": f}),
    "pd.is_numeric": lambda f: pd.api.types.is_numeric_dtype(f["x"]),
    "pd.is_text": lambda f: pd.api.types.is_object_dtype(f["a"]),
    "pd.infer": lambda f: pd.api.types.infer_dtype(f["a"]),
    "pd.is_list_like": lambda f: pd.api.types.is_list_like(f["a"]),
    "hasattr dtype": lambda f: hasattr(f["a"], "dtype"),
    "getattr values": lambda f: getattr(f, "values", None),
    "dict": lambda f: sorted(dict(f)),
    "list": lambda f: list(f),
    "sorted": lambda f: sorted(f),
    "in": lambda f: ("x" in f, "z" in f),
    "len": lambda f: len(f),
    "column len": lambda f: len(f["x"]),
    "column list": lambda f: list(f["b"]),
    "column sum": lambda f: sum(f["n"]),
    "column any": lambda f: any(f["t"]),
    "column truth": lambda f: bool(f["t"]),
    "truth": lambda f: bool(f),
    "if": lambda f: 1 if f["x"] > 0 else 0,
    "and": lambda f: f["t"] and f["t"],
    "not": lambda f: not f["t"],
    "float": lambda f: float(f["n"]),
    "int": lambda f: int(f["n"]),
    "math": lambda f: math.sqrt(f["n"]),
    "range": lambda f: range(f["n"]),
    "hash": lambda f: hash(f["n"]),
    "frame hash": lambda f: hash(f),
    "set": lambda f: len({f["n"]}),
    "equal text": lambda f: f[["a", "b"]] == "Yes",
    "unequal text": lambda f: f[["a", "b"]] != "Yes",
    "equal frames": lambda f: f[["x"]] == f[["x"]],
    "frame greater": lambda f: f[["x", "y"]] > 0,
    "frame plus": lambda f: f[["x", "y"]] + 1,
    "frame turned": lambda f: 1 - f[["x", "y"]],
    "frame negated": lambda f: -f[["x", "y"]],
    "frame round": lambda f: round(f[["x", "y"]]),
    "frame fillna": lambda f: f[["x", "y"]].fillna(0),
    "frame isna": lambda f: f.isna(),
    "frame astype": lambda f: f[["n"]].astype(str),
    "frame apply": lambda f: f[["x", "y"]].apply(np.sum),
    "frame sum": lambda f: f[["x", "y"]].sum(axis=1),
    "frame where": lambda f: f[["x", "y"]].where(f["x"] > 0),
    "frame mask": lambda f: f[f[["x", "y"]] > 0],
    "frame eval": lambda f: f.eval("x + y"),
    "frame query": lambda f: f.query("x > 0"),
    "frame nunique": lambda f: f.nunique(),
    "frame T": lambda f: f.T,
    "frame iloc": lambda f: f.iloc[0],
    "frame loc row": lambda f: f.loc[0],
    "frame slice": lambda f: f[0:1],
    "frame get two": lambda f: f.get(["x", "y"]),
    "frame get none": lambda f: f.get("z", 5),
    "loc equal": lambda f: f.loc == f.loc,
    "loc part": lambda f: f.loc[:, ["x", "y"]],
    "column item": lambda f: f["x"][0],
    "column name": lambda f: f["x"].name,
    "column equals": lambda f: f["x"].equals(f["x"]),
    "pipe": lambda f: f["x"].pipe(np.abs),
    "copy": lambda f: f["x"].copy(),
    "concat": lambda f: concat([f[["x"]], f[["y"]]], axis=1),
    "select numbers": lambda f: f[["n", "x", "b"]].select_dtypes("number"),
    "reversed": lambda f: list(reversed(f)),
    "unpack": lambda f: [*f["b"]],
    "polars": lambda f: pl.DataFrame(f).to_dicts() if isinstance(f, ScalableDataFrame) else None,
    "polars column": lambda f: pl.Series(f["b"]).to_list() if isinstance(f, ScalableDataFrame) else None,
    "f-string": lambda f: isinstance(f"{f['x']}", str),
    "value_counts truth": lambda f: max(f["b"].value_counts()),
    "value_counts items": lambda f: sorted(f["b"].value_counts().items()),
    "value_counts": lambda f: list(f["b"].value_counts()),
    "value_counts equal": lambda f: (f["b"].value_counts() == 1).any(),
}  # fmt: skip
REDUCED = (
    "count",
    "sum",
    "mean",
    "median",
    "std",
    "min",
    "max",
    "quantile",
    "nunique",
    "var",
    "mode",
    "any",
    "all",
)
SAYINGS: dict[str, Say] = {
    **{f"numbers: {name}": say for name, say in OF_NUMBERS.items()},
    **{f"types: {name}": say for name, say in TYPES.items()},
    **{f"texts: {name}": say for name, say in OF_TEXTS.items()},
    **{f"entries: {name}": say for name, say in ENTRIES.items()},
    **{
        f"reduced: {word} of {name}": lambda f, word=word, name=name: getattr(f[name], word)()
        for word in REDUCED
        for name in ("n", "x", "y", "t", "b")
    },
}
