"""JUnit XML, which CI servers show as tests: one test case for each check of a gate."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from litmus_core.errors import UsageError

if TYPE_CHECKING:
    from litmus_core.verdicts import Gate, GateOutcome

# An undecided check is an error, since CI servers count a skipped test as passed. Skipped are the checks that
# need a target where none is named: they decide nothing.
_TAGS: dict[GateOutcome, str] = {"not met": "failure", "undecided": "error"}
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(gate: Gate, to: Path | None, *, name: str) -> None:
    """Write a gate to the file ``to`` as a suite called ``name``; write nothing if ``to`` is None.

    Raises UsageError where the file cannot be written.
    """
    if to is None:
        return
    outcomes = [check.outcome for check in gate.checks]
    suites = Element("testsuites")
    suite = SubElement(
        suites,
        "testsuite",
        name=_xml_text(name),
        tests=str(len(outcomes) + len(gate.left_out)),
        failures=str(outcomes.count("not met")),
        errors=str(outcomes.count("undecided")),
        skipped=str(len(gate.left_out)),
    )
    for check in gate.checks:
        case = SubElement(suite, "testcase", classname="litmus", name=_xml_text(check.name))
        text = _xml_text(check.sentence)
        if check.outcome in _TAGS:
            SubElement(case, _TAGS[check.outcome], type=check.outcome, message=text).text = text
        elif text:
            SubElement(case, "system-out").text = text
    for kind in gate.left_out:
        case = SubElement(suite, "testcase", classname="litmus", name=_xml_text(kind))
        SubElement(case, "skipped", message="It needs a target.")
    indent(suites)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        ElementTree(suites).write(to, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise UsageError(
            f"'{to}' cannot be written: {error.strerror}.", hint="Name a file: --junit gate.xml."
        ) from error


def _xml_text(text: str) -> str:
    """Return a text without the characters that XML does not allow."""
    return _NOT_IN_XML.sub("\ufffd", text)
