"""A question as a folder: readable without Litmus, and sufficient to continue the work."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from litmus_core.errors import writing
from litmus_core.handoffs._sections import handoff_sections
from litmus_core.report import Section, sections_page
from litmus_core.types import (
    Answer,
    Handoff,
    HandoffContext,
    markdown_line,
    markdown_sentence,
    read_stored,
    to_plain,
)

CONTEXT_FILE, ANSWER_FILE = "handoff.json", "answer.md"
_FILES = {
    "README.md": "this text",
    "question.html": "the same to read in a browser",
    CONTEXT_FILE: "the same for programs",
    "data_report.html": "what each column of the table holds, and what the checks found",
    "recipe.yaml": "the recipe that is followed",
}


def write_folder(folder: Path, handoff: Handoff, context: HandoffContext, *, more: Mapping[str, str]) -> Path:
    """Write a question's folder atomically, and return it.

    ``more`` are further files by their path in it, such as the Python of runs. Raises UsageError if it cannot
    be written.
    """
    sections = handoff_sections(context)
    partial = folder.with_name(f".{folder.name}.partial")
    about = f"{_about(handoff)} Experiment: {context.experiment.name}, {handoff.experiment_id}."
    files = {
        "README.md": "\n".join(_lines(handoff, about, sections, more)),
        "question.html": sections_page(
            "A question for a data scientist", about=about, lead=handoff.question, sections=sections
        ),
        CONTEXT_FILE: json.dumps(
            {"handoff": to_plain(handoff), "context": to_plain(context)},
            indent=1,
            ensure_ascii=False,
        ),
        **more,
    }
    with writing(folder):
        shutil.rmtree(partial, ignore_errors=True)
        try:
            for name, text in files.items():
                path = partial / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", errors="replace")
            shutil.rmtree(folder, ignore_errors=True)
            partial.rename(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return folder


def read_context(folder: Path) -> HandoffContext | None:
    """Return a question's context; None if its folder is missing, or written by another Litmus version."""
    return read_stored(folder / CONTEXT_FILE, HandoffContext, within="context")


def write_answer(folder: Path, answer: Answer, *, at: str) -> None:
    """Write the answer beside the question; raises UsageError if that fails."""
    with writing(folder / ANSWER_FILE):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ANSWER_FILE).write_text("\n".join(_answer_line(answer, at)), encoding="utf-8")


def zip_of(folder: Path) -> bytes:
    """Return the folder as a zip file, inside a folder of its name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(entry for entry in folder.rglob("*") if entry.is_file()):
            archive.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    return buffer.getvalue()


def _about(handoff: Handoff) -> str:
    by = handoff.asked_by or "Someone"
    step = handoff.step
    through = "" if step is None else f", in step {step.number} of the recipe {step.recipe} v{step.version}"
    return f"{by} asked at {handoff.asked_at[:16].replace('T', ' ')} UTC{through}."


def _answer_line(answer: Answer, at: str) -> Iterator[str]:
    yield f"# {markdown_line(answer.by or 'Someone')} answered at {at[:16].replace('T', ' ')} UTC\n"
    yield "\n".join(f"> {markdown_line(line)}" for line in answer.words.splitlines())
    if answer.recipe:
        yield f"\nRecipe: {answer.recipe}, version {answer.version}"
    if answer.plugin:
        yield f"\nPlug-in: {markdown_line(answer.plugin)}"
    yield ""


def _lines(
    handoff: Handoff, about: str, sections: Sequence[Section], names: Mapping[str, str]
) -> Iterator[str]:
    yield f"# A question for a data scientist\n\n{markdown_line(about)}\n"
    yield "\n".join(f"> {markdown_line(line)}".rstrip() for line in handoff.question.splitlines())
    yield f'\nAnswer it on the page Hand-offs, or with: litmus handoffs answer {handoff.id} "…"\n'
    for section in sections:
        yield f"## {markdown_line(section.title)}\n"
        yield from (f"{markdown_sentence(text)}\n" for text in section.texts)
        if section.rows:
            yield from map(_row, (section.header,))
            yield f"|{'---|' * len(section.header)}"
            yield from map(_row, section.rows)
            yield ""
    yield "## Files\n"
    yield from (f"- `{name}`: {_FILES[name]}" for name in _FILES if name in names or name in _ALWAYS)
    yield from (f"- `{name}`: the Python that repeats this run" for name in names if name.endswith(".py"))
    yield ""


_ALWAYS = ("README.md", "question.html", CONTEXT_FILE)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(markdown_line, cells))} |"
