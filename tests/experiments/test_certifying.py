"""Full certificates in the background."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from litmus_core.errors import BusyError, NotFoundError, UnknownNameError
from tests.trained import Trained, opened


def test_one_process_a_bundle_certifies_and_can_be_stopped(trained: Trained, tmp_path: Path) -> None:
    with opened(trained) as studio:
        bundle = studio.bundles.export(trained.run.chosen_id or "", to=tmp_path / "model.zip")
        assert studio.certificates.progress(bundle.id) is None
        studio.certificates.start(bundle.id)
        try:
            assert studio.certificates.progress(bundle.id) is not None
            assert studio.certificates.problem(bundle.id) == ""
            with pytest.raises(BusyError, match="being certified already"):
                studio.certificates.start(bundle.id)
        finally:
            studio.certificates.stop(bundle.id)
        assert studio.certificates.progress(bundle.id) is None
        assert studio.certificates.get(bundle.id) is None


def test_what_cannot_be_certified_is_said_before_anything_starts(trained: Trained, tmp_path: Path) -> None:
    with opened(trained) as studio:
        bundle = studio.bundles.export(trained.run.chosen_id or "", to=tmp_path / "model.zip")
        with pytest.raises(NotFoundError, match="no bundle 'bd_none'"):
            studio.certificates.start("bd_none")
        with pytest.raises(UnknownNameError, match="moon"):
            studio.certificates.start(bundle.id, environment="moon")
        assert studio.certificates.progress(bundle.id) is None


def test_a_bundle_that_is_gone_ends_the_process_without_a_certificate(
    trained: Trained, tmp_path: Path
) -> None:
    with opened(trained) as studio:
        bundle = studio.bundles.export(trained.run.chosen_id or "", to=tmp_path / "model.zip")
        (tmp_path / "model.zip").unlink()
        studio.certificates.start(bundle.id)
        while studio.certificates.progress(bundle.id) is not None:
            time.sleep(0.05)
        assert studio.certificates.get(bundle.id) is None
        assert "no longer at" in studio.certificates.problem(bundle.id)
