"""A bundle's own environment: made whole or not at all, kept, and in words when it cannot be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from litmus_core.deploy import build_environment, environment_key
from litmus_core.deploy._certificates import environment as environments
from litmus_core.errors import BundleError, BusyError
from litmus_core.store import FileLock
from litmus_core.trust import signature
from tests import plans


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(plans.bundle(tmp_path / "bundle").path)


def test_its_key_is_of_requirements_and_wheel_alone(bundle: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(bundle, other)
    assert environment_key(other) == environment_key(bundle)

    (other / "golden.json").write_text("{}")
    assert environment_key(other) == environment_key(bundle)

    with (other / "requirements.txt").open("a") as file:
        file.write("six==1.17.0\n")
    assert environment_key(other) != environment_key(bundle)


def test_one_that_is_there_is_not_made_again(bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / environment_key(bundle)
    folder.mkdir(parents=True)
    claim = signature("environment", folder.name, str(folder.stat().st_ino))
    (folder / "litmus-environment.json").write_text(json.dumps({"n_bytes": 42, "signature": claim}))

    built = build_environment(bundle, tmp_path / "cache")

    assert (built.folder, built.n_bytes, built.built_s) == (folder, 42, 0.0)


@pytest.mark.parametrize("mark", ["", "[]", '{"n_bytes": 42}', '{"n_bytes": 42, "signature": "forged"}'])
def test_one_that_somebody_sent_is_made_again(
    bundle: Path, tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cache" / environment_key(bundle)
    folder.mkdir(parents=True)
    (folder / "litmus-environment.json").write_text(mark)

    def made(*_: object, **__: object) -> None:
        raise BundleError("It is made again.")

    monkeypatch.setattr(environments, "_make", made)
    with pytest.raises(BundleError, match="It is made again"):
        build_environment(bundle, tmp_path / "cache")


def test_one_that_is_kept_takes_room_and_can_be_removed(tmp_path: Path) -> None:
    from litmus_core import Studio
    from litmus_core.errors import NotFoundError

    with Studio.open(tmp_path / "workspace") as studio:
        folder = studio.workspace.environments / "env_1"
        folder.mkdir(parents=True)
        (folder / "litmus-environment.json").write_text(json.dumps({"n_bytes": 42}))
        assert [(each.kind, each.id, each.n_bytes) for each in studio.storage.sizes()] == [
            ("environment", "env_1", 42)
        ]

        studio.environments.delete_built("env_1")

        assert studio.storage.sizes() == []
        assert not folder.exists()
        with pytest.raises(NotFoundError):
            studio.environments.delete_built("env_1")


def test_without_an_index_the_missing_package_is_said_and_nothing_is_left(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "no wheels here"))

    with pytest.raises(BundleError, match="a package could not be found") as raised:
        build_environment(bundle, tmp_path / "cache")
    assert "PIP_FIND_LINKS" in raised.value.hint
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "full"),
        ("WARNING: Retrying after NewConnectionError('x')\nERROR: it failed", "index cannot be reached"),
        ("ERROR: ResolutionImpossible: see above", "contradict each other"),
        ("Segmentation fault", "Segmentation fault"),
    ],
)
def test_what_pip_says_is_told_in_words(said: str, words: str) -> None:
    assert words in str(environments._failure(f"{said}\n".splitlines(keepends=True)))


def test_an_early_bundle_without_a_wheel_says_so(bundle: Path, tmp_path: Path) -> None:
    shutil.rmtree(bundle / "wheels")

    with pytest.raises(BundleError, match="brings no wheel of the base package"):
        build_environment(bundle, tmp_path / "cache")


def test_two_that_want_the_same_one_do_not_make_it_twice(bundle: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    with FileLock(cache / f"{environment_key(bundle)}.lock") as lock:
        assert lock.acquire()
        with pytest.raises(BusyError, match="Another process is building"):
            build_environment(bundle, cache, timeout_s=0.1)


def test_pip_that_hangs_is_given_up(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="took too long"):
        build_environment(bundle, tmp_path / "cache", timeout_s=0.05)
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".lock"]
