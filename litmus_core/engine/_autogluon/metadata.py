"""Feature metadata for AutoGluon: each column's type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def feature_metadata(features: pd.DataFrame) -> Any:
    """Return each column's type for AutoGluon; raw text (object) is left to models that request it."""
    from autogluon.common.features.feature_metadata import FeatureMetadata

    kinds = {"f": "float", "u": "int", "i": "int", "b": "bool", "O": "object"}
    raw = {
        name: "category" if dtype == "category" else kinds[dtype.kind]
        for name, dtype in features.dtypes.items()
    }
    special = {
        "text": [name for name, kind in raw.items() if kind == "object"],
        # 0/1: whether the text contains the word
        "bool": [name for name, kind in raw.items() if kind == "int"],
    }
    return FeatureMetadata(
        type_map_raw=raw, type_group_map_special={kind: names for kind, names in special.items() if names}
    )
