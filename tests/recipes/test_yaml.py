from __future__ import annotations

import pytest

from litmus_core.recipes import RecipeError
from litmus_core.recipes._file.yaml import read_yaml, scalar_of


def values(node):
    if isinstance(node.value, dict):
        return {name: values(value) for name, (_, value) in node.value.items()}
    if isinstance(node.value, list):
        return [values(each) for each in node.value]
    return node.value


def test_a_tree_knows_its_lines_and_columns():
    tree = read_yaml("a: 1\nb:\n  - x\n  - yes\n")

    assert values(tree) == {"a": 1, "b": ["x", "yes"]}
    first = tree.value["b"][1].value[0]
    assert (first.line, first.column) == (3, 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [("010", "010"), ("10", 10), ("-2", -2), ("1.50", 1.5), ("1e-3", 0.001), (".5", 0.5), ("true", True),
     ("no", "no"), ("on", "on"),
     ("null", None), ("2024-01-01", "2024-01-01"), (".inf", ".inf"), ("1_000", "1_000"),
     ("9" * 5_000, "9" * 5_000)],
)  # fmt: skip
def test_plain_texts_mean_what_they_look_like(text, value):
    assert scalar_of(text) == value
    assert type(scalar_of(text)) is type(value)


def test_a_text_is_read_once_for_all_pages_that_show_it():
    assert read_yaml("steps:\n  - try: linear\n") is read_yaml("steps:\n  - try: linear\n")


def test_what_is_in_quotes_is_a_text():
    assert values(read_yaml("a: '1'\nb: \"true\"\n")) == {"a": "1", "b": "true"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\na: 2\n", 2, "'a' appears twice, first in line 1"),
        ("a: [1, 2\n", 2, "This is not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "This is not valid YAML"),
        ("a: !!python/object/apply:os.system [true]\n", 1, "tags are not supported"),
        ("a: !mine 3\n", 1, "is a tag"),
        ("a: &x [1, *x]\n", 1, "refers to itself"),
        ("? [a]\n: 1\n", 1, "A name is one word or text"),
        ("", 1, "There is nothing in it"),
        ("a: 1\nb: 1e999\n", 2, "'1e999' is too large for a number"),
        (f"a: 1\nb: -{'9' * 400}\n", 2, "is too large for a number"),
        ("a: \x07\n", 1, "There is a character that YAML does not allow"),
        ("a: 1\n---\nb: 2\n", 2, "This is not valid YAML"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text, line, said):
    with pytest.raises(RecipeError) as raised:
        read_yaml(text, source="mine.yaml")

    (problem,) = raised.value.problems
    assert problem.line == line
    assert said in problem.message
    assert str(raised.value).startswith(f"mine.yaml, line {line}, column {problem.column}:")


def test_a_few_lines_that_mean_billions_of_values_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    with pytest.raises(RecipeError, match="too many values"):
        read_yaml("\n".join(lines))


def test_what_is_nested_too_deeply_is_refused():
    with pytest.raises(RecipeError, match="nested too deeply"):
        read_yaml("[" * 5_000)


def test_an_overlong_text_is_refused():
    with pytest.raises(RecipeError, match="too long"):
        read_yaml("# " + "x" * 300_000)
