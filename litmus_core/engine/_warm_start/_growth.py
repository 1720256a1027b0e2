"""Find the fitted models that can get more trees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litmus_core.engine._families.family import BoosterRows
from litmus_core.engine._families.registry import growers_by_class


def grower_of(cls: type) -> Callable[[Any, BoosterRows], Any] | None:
    """Return the function that adds trees to models of exactly this AutoGluon class; None without one."""
    return growers_by_class().get(f"{cls.__module__}.{cls.__qualname__}")


def obstacle_to_growing(model: Any) -> str:
    """Return why a booster's settings keep it from growing; "" if they do not."""
    params = model._get_model_params()
    kind = next(
        (params[name] for name in ("boosting", "boosting_type", "boost", "booster") if name in params), ""
    )
    if kind in ("dart", "rf", "random_forest", "gblinear"):
        return f"trees cannot be added to a booster of the kind '{kind}'"
    return ""
