"""A bundle's post-processing steps, read at the first prediction."""

from __future__ import annotations

import importlib
import json
import pickle
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import BundleError
from litmus_core.runtime._code import use_modules
from litmus_core.runtime._postprocess import POST, CustomStep, Post, PostStep
from litmus_core.runtime._seal.hashes import verify_folder
from litmus_core.runtime._seal.manifest import EXPORT_AGAIN, Manifest

Floats = NDArray[np.float64]


class LazySteps:
    """The interface of :class:`Post`, read from a bundle's folder."""

    def __init__(self, manifest: Manifest, folder: Path) -> None:
        self._manifest, self._folder = manifest, folder

    @cached_property
    def _post(self) -> Post:
        try:
            state = json.loads((self._folder / POST).read_bytes())
            # Only files that the manifest names as custom code are opened as custom code.
            return Post.from_state(
                state, open_custom=self._custom_step if self._manifest.has_own_steps else None
            )
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise BundleError(f"The bundle's {POST} is damaged.", hint=EXPORT_AGAIN) from error

    def apply(self, predictions: Floats, rows: Any, /) -> Floats:
        """Return the predictions after all steps."""
        return self._post.apply(predictions, rows)

    def state(self) -> dict[str, Any]:
        """Return the steps as JSON values."""
        return self._post.state()

    def files(self) -> dict[str, bytes]:
        """Return the files that the steps store besides JSON."""
        return self._post.files()

    def _custom_step(self, reference: str, state: Mapping[str, Any]) -> PostStep:
        if state["file"] not in self._manifest.files:
            raise LookupError(state["file"])
        return CustomStep(
            reference,
            state,
            columns=self._manifest.signature.columns,
            content=(self._folder / state["file"]).read_bytes(),
            open_object=self._opener(state),
        )

    def _opener(self, state: Mapping[str, Any]) -> Callable[[], Any]:
        def open_object() -> Any:
            # A pickle runs code: the files must still be the verified ones.
            verify_folder(self._folder, self._manifest)
            use_modules(self._folder)
            content = (self._folder / state["file"]).read_bytes()
            try:
                importlib.import_module(state["module"])
                return pickle.loads(content)  # noqa: S301 - the manifest's trust says so
            except Exception as error:
                raise BundleError(
                    f"The step {state['name']} cannot be opened: {type(error).__name__}: {error}.",
                    hint="Install what the bundle's requirements.txt names.",
                ) from error

        return open_object
