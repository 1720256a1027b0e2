"""Bundles: a model with everything it needs to predict, in one folder or zip file."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import BundleError, LitmusError, MissingExtraError
from litmus_core.runtime._bundle_errors import bundle_error, bundle_errors
from litmus_core.runtime._code import FORGED, MODEL_FOLDER, refuse_code, use_modules
from litmus_core.runtime._executors import check_versions, executor_kind
from litmus_core.runtime._intervals.calibration import INTERVALS, Calibration
from litmus_core.runtime._postprocess.lazy_steps import LazySteps
from litmus_core.runtime._predictor import Array, Floats, Predictor
from litmus_core.runtime._seal.golden import GOLDEN, PROOF_TOLERANCE, TOLERANCE, Golden
from litmus_core.runtime._seal.hashes import Sealed, read_folder_manifest, verify_folder
from litmus_core.runtime._seal.manifest import EXPORT_AGAIN, Manifest
from litmus_core.runtime._steps import STEPS, steps_here
from litmus_core.trust import check_home

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.frame import Code, Features, Transform
    from litmus_core.runtime._estimators import BundleClassifier, BundleRegressor
    from litmus_core.runtime._rows import Rows

_OWN_EXAMPLES = "The bundle's model cannot answer its own examples"
_LOOK_AT_ROWS = "Look for unusual values in them, or export the model again."
PIPELINE = "pipeline.json"


class Bundle(Predictor):
    """A loaded bundle: a Predictor with a ``manifest``, its ``sha256``, golden ``examples`` and a ``folder``.

    The weights are read at the first prediction, or by :meth:`warm`. A zip is unpacked into a temporary
    folder, which is removed by :meth:`close`, at the end of a ``with`` block, or with the process. A pickle
    holds the ``path`` and the hash, and loads the bundle from there if it is unchanged.
    """

    def __init__(
        self, sealed: Sealed, folder: Path, *, path: Path, close: Callable[[], None] | None = None
    ) -> None:
        manifest = sealed.manifest
        super().__init__(
            manifest.signature,
            _LazyPipeline(manifest, folder),
            _lazy_executor(manifest, folder),
            post=LazySteps(manifest, folder) if manifest.postprocess else None,
            calibrate=lambda: _calibration(manifest, folder),
            find_examples=lambda: list(self.golden.rows),
        )
        self.manifest = manifest
        self.sha256 = sealed.sha256
        self.folder = folder
        self.path = path
        self._finalizer = weakref.finalize(self, close) if close is not None else None
        self._is_proven = executor_kind(manifest.executor).runs_code or manifest.has_own_steps

    @cached_property
    def golden(self) -> Golden:
        """Rows predicted at export, with their predictions."""
        with bundle_errors(f"The bundle's {GOLDEN} is damaged"):
            return Golden.from_json((self.folder / GOLDEN).read_bytes())

    def predict_raw(self, rows: Rows) -> Floats:
        """Return (n, k) probabilities or (n,) values, as :meth:`Predictor.predict_raw` does.

        Raises BundleError if the bundle's own examples are not predicted as at export.
        """
        return self._proven(super().predict_raw, rows)

    def predict_features(self, features: Features, rows: Any) -> Floats:
        """Return what :meth:`predict_raw` does, as :meth:`Predictor.predict_features`; raises as it does."""
        return self._proven(super().predict_features, features, rows)

    def _proven(self, predict: Callable[..., Floats], *arguments: Any) -> Floats:
        if not self._is_proven:
            self._verify_golden()
        try:
            return predict(*arguments)
        except (LitmusError, MemoryError, OSError):
            raise
        except Exception as error:
            raise bundle_error(
                error, "The bundle's model cannot answer these rows", hint=_LOOK_AT_ROWS
            ) from error

    def _verify_golden(self) -> None:
        """Predict the golden rows before any others; raises BundleError if the predictions differ.

        An exported model reproduces them; a model that somebody changed and sealed again usually does not.
        Models that run code are not checked: trusting their code means trusting their predictions.
        """
        differences = self.differences(tolerance=PROOF_TOLERANCE)
        if differences:
            raise BundleError(f"The bundle is not as exported. {differences[0]}", hint=EXPORT_AGAIN)
        self._is_proven = True

    @cached_property
    def _unverified(self) -> Predictor:
        """The same model without this check, for predicting the golden rows."""
        return Predictor(self.info, self.pipeline, self.executor, post=self.post)

    def warm(self) -> Bundle:
        """Load the weights by predicting golden rows, so that the next prediction is fast.

        Raises BundleError if weights with valid hashes do not fit together.
        """
        if self._is_proven:
            with bundle_errors(_OWN_EXAMPLES):
                self._unverified.predict_records(self.examples[:1])
        else:
            self._verify_golden()
        return self

    def check(self) -> list[str]:
        """Replay the golden rows, together and one of them alone; return the differences as sentences."""
        return self.differences(tolerance=TOLERANCE)

    def differences(self, *, tolerance: float) -> list[str]:
        """Like :meth:`check`, allowing a ``tolerance`` in probabilities or values."""
        with bundle_errors(_OWN_EXAMPLES):
            predict = self._unverified.predict_records
            problems = self.golden.differences(predict(self.examples), tolerance=tolerance)
            one = Golden(rows=self.golden.rows[:1], predictions=self.golden.predictions[:1])
            single_differences = one.differences(predict(list(one.rows)), tolerance=tolerance)
            return problems + [f"Alone: {difference}" for difference in single_differences if not problems]

    def close(self) -> None:
        """Remove unpacked files. A folder that was loaded directly stays."""
        if self._finalizer is not None:
            self._finalizer()

    def __enter__(self) -> Bundle:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def as_estimator(self) -> BundleClassifier | BundleRegressor:
        """Return the bundle as a fitted scikit-learn estimator, which ``fit`` does not change.

        Raises MissingExtraError without scikit-learn.
        """
        try:
            from litmus_core.runtime._estimators import estimator_of
        except ModuleNotFoundError as error:
            if str(error.name).partition(".")[0] != "sklearn":
                raise
            raise MissingExtraError(subject="An estimator", extra="train") from error
        return estimator_of(self)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the content of a pickle: the bundle's path and hash, from which it is loaded again."""
        return _load_again, (str(self.path), self.sha256)

    def __repr__(self) -> str:
        return f"<Bundle {self.manifest.name!r}: {self.problem_type} of '{self.target}'>"


def _calibration(manifest: Manifest, folder: Path) -> Calibration | None:
    """Return the calibration for the bundle's intervals and label sets; None if it has none."""
    if INTERVALS not in manifest.files:
        return None
    return Calibration.from_json((folder / INTERVALS).read_bytes())


class _LazyPipeline:
    """The feature pipeline, read at the first prediction."""

    def __init__(self, manifest: Manifest, folder: Path) -> None:
        self._manifest, self._folder = manifest, folder

    @cached_property
    def _pipeline(self) -> Any:
        from litmus_core.frame import open_pipeline

        with bundle_errors(f"The bundle's {PIPELINE} is damaged"):
            state = json.loads((self._folder / PIPELINE).read_bytes())
            return open_pipeline(state, self._open_code)

    def _open_code(self, code: Code) -> Transform:
        """Open pre-processing that runs as Python, if the bundle declares that opening it runs code."""
        if not executor_kind(self._manifest.executor).runs_code:
            raise BundleError(f"The bundle's {PIPELINE} asks for code that it does not bring.", hint=FORGED)
        verify_folder(self._folder, self._manifest)  # the files must still be the verified ones
        use_modules(self._folder)
        return steps_here(self._folder / MODEL_FOLDER / STEPS)(code)

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        features: pd.DataFrame = self._pipeline.transform(frame)
        return features

    def features(self, rows: Any) -> Features:
        features: Features = self._pipeline.features(rows)
        return features

    def without(self, unread: Collection[str]) -> Any:
        return self._pipeline.without(unread)

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._pipeline.state()
        return state


class _LazyExecutor:
    """The weights, opened when the first features arrive."""

    def __init__(self, open_weights: Callable[[], Any]) -> None:
        self._open = open_weights

    @cached_property
    def _executor(self) -> Any:
        return self._open()

    def predict_proba(self, features: pd.DataFrame) -> Array:
        answer: Array = self._executor.predict_proba(features)
        return answer


class _LazyFeatureExecutor(_LazyExecutor):
    """Weights that read features, opened when the first features arrive."""

    def predict_features(self, features: Features) -> Array:
        answer: Array = self._executor.predict_features(features)
        return answer

    @property
    def unread(self) -> tuple[str, ...]:
        unread: tuple[str, ...] = getattr(self._executor, "unread", ())
        return unread


def _lazy_executor(manifest: Manifest, folder: Path) -> _LazyExecutor:
    executor = _LazyFeatureExecutor if executor_kind(manifest.executor).reads_features else _LazyExecutor
    return executor(lambda: _open_weights(manifest, folder))


def _open_weights(manifest: Manifest, folder: Path) -> Any:
    # Weights may be pickles, which run code: the files must still be the verified ones.
    verify_folder(folder, manifest)
    kind = executor_kind(manifest.executor)
    if kind.runs_code:
        use_modules(folder)
    with bundle_errors("The bundle's weights are damaged"):
        return kind.load(folder / MODEL_FOLDER)


def load_bundle(path: Path | str, *, sha256: str | None = None) -> Bundle:
    """Load the bundle at ``path``, a folder or a zip file; it predicts as the exported model did.

    Every file is checked against the manifest's hashes before any is used; the weights are opened later, at
    the first prediction. The hashes show damage and careless changes. Against a deliberate forger they help
    only if ``sha256``, the bundle's own hash as the exporter stated it, is given: native weights are pickles,
    which run code when opened, so load only what you trust.

    Raises BundleError if the bundle is damaged, altered, newer than this Litmus, or made by another Python or
    AutoGluon; UntrustedError if it runs code and lies in someone else's untrusted workspace;
    MissingExtraError if the library that runs the weights is not installed.
    """
    sealed, folder, close = _opened(Path(path))
    try:
        with bundle_errors():
            _check_identity(sealed, sha256)
            check_versions(sealed.manifest)
            if executor_kind(sealed.manifest.executor).runs_code or sealed.manifest.has_own_steps:
                check_home(Path(path))
            else:
                refuse_code(folder, sealed.manifest)
            return Bundle(sealed, folder, path=Path(path).resolve(), close=close)
    except BaseException:
        if close is not None:
            close()
        raise


def _load_again(path: str, sha256: str) -> Bundle:
    return load_bundle(path, sha256=sha256)


def read_manifest(path: Path | str) -> Manifest:
    """Return the manifest of the bundle at ``path`` without opening anything else.

    Works with any installed versions. Raises BundleError if there is no bundle.
    """
    return read_sealed(path).manifest


def read_sealed(path: Path | str) -> Sealed:
    """Return the manifest of the bundle at ``path`` with its hash, as :func:`read_manifest` does."""
    path = _existing(Path(path))
    with bundle_errors():
        if path.is_dir():
            return read_folder_manifest(path)
        from litmus_core.runtime._seal.unpack import read_zip_manifest

        return read_zip_manifest(path)


@contextmanager
def verified_folder(path: Path | str) -> Iterator[tuple[Sealed, Path]]:
    """Yield the manifest and the files of the bundle at ``path``, each verified by its hash.

    A zip is unpacked for the duration of the ``with`` block. Nothing is opened, so any installed versions
    will do. Raises BundleError as :func:`load_bundle` does for damage.
    """
    sealed, folder, close = _opened(Path(path))
    try:
        yield sealed, folder
    finally:
        if close is not None:
            close()


def _check_identity(sealed: Sealed, sha256: str | None) -> None:
    if sha256 is not None and sha256.lower() != sealed.sha256:
        raise BundleError(
            f"This is another bundle than expected: its SHA-256 is {sealed.sha256}.",
            hint="Ask whoever exported it for the right file or hash.",
        )


def _opened(path: Path) -> tuple[Sealed, Path, Callable[[], None] | None]:
    path = _existing(path)
    with bundle_errors():
        if path.is_dir():
            sealed = read_folder_manifest(path)
            verify_folder(path, sealed.manifest)
            return sealed, path.resolve(), None
        from litmus_core.runtime._seal.unpack import unpack

        sealed, scratch = unpack(path)
        return sealed, scratch.folder, scratch.close


def _existing(path: Path) -> Path:
    if not path.exists():
        raise BundleError(f"There is no bundle at {path}.", hint="Check the path; export the model again.")
    return path
