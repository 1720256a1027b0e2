"""Figures that README and guides state are those of the code, or of the benchmark that they name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guides.blocks import DOCUMENTS, text_of
from tests.guides.facts import FACTS
from tests.guides.figures import MEASURED
from tests.guides.measures import MEASURES, NO_FACTS

GENERATED = {"docs/guides/frame-coverage.md"}  # tests/frame/test_coverage.py holds it up to date
_NUMBER = r"\d+(?:[.,]\d+)*(?:e-\d+)?"
_UNITS = (
    r"%|ms|µs|s|seconds?|min|h|days|[kMG]i?B|rows?|columns|tables?|packages|titles|points|times|x|models|runs"
    r"|requests|draws|looks|dots|test rows|characters|standard (?:errors|deviations)|sayings"
    r"|of (?:AUC|RMSE|log loss)"
)
_CLAIM = re.compile(rf"(?<![\w.,]){_NUMBER}(?: to {_NUMBER})? ?(?:{_UNITS})(?!\w)")


def as_said(words: str, value: Callable[[], object]) -> str:
    """Return a document's words with the figure as the code has it."""
    return words.format(value()).replace("e-0", "e-")


@pytest.mark.parametrize(
    ("document", "words", "value"),
    [(document, *fact) for document, facts in FACTS.items() for fact in facts],
)
def test_what_the_code_has_is_what_is_said(document: str, words: str, value: Callable[[], object]) -> None:
    assert as_said(words, value) in text_of(document)


@pytest.mark.parametrize(
    ("document", "words", "measured"),
    [(document, *each) for document, measures in MEASURES.items() for each in measures],
)
def test_what_was_measured_is_what_is_said(document: str, words: str, measured: str) -> None:
    assert words in text_of(document)
    assert measured in " ".join(MEASURED.split())
    assert "benchmarks/README.md" in text_of(document)


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if each not in GENERATED])
def test_every_figure_with_a_unit_is_known(document: str) -> None:
    text = text_of(document)
    known = [as_said(*fact) for fact in FACTS.get(document, [])]
    known += [words for words, _ in MEASURES.get(document, [])] + NO_FACTS.get(document, [])
    spans = [found.span() for words in known for found in re.finditer(re.escape(words), text)]
    bare = re.sub(r"`[^`]*`", lambda code: "`" * len(code[0]), text)

    claims = [(match[0], *match.span()) for match in _CLAIM.finditer(bare)]
    assert [
        claim for claim, start, end in claims if not any(low <= start and end <= high for low, high in spans)
    ] == []


@pytest.mark.parametrize(
    ("document", "words"), [(document, each) for document, listed in NO_FACTS.items() for each in listed]
)
def test_what_is_no_fact_is_still_there(document: str, words: str) -> None:
    assert words in text_of(document)


def test_a_compiled_bundle_needs_as_many_packages_as_is_said(base: Path) -> None:
    with zipfile.ZipFile(base / "model.zip") as bundle:
        lines = bundle.read("requirements.txt").decode().splitlines()
    n_packages = sum(bool(line.strip()) and not line.startswith(("#", "-")) for line in lines)

    assert f"{n_packages} packages in all" in text_of("docs/bundle.md")
