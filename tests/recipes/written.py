"""A recipe to change one thing of in tests."""

from __future__ import annotations

WHOLE = """\
format: 1
name: shop-titles
version: 1
description: Which category a title belongs to.
problems: [multiclass]
columns:
  - kind: text
  - name: price
bar: accuracy >= 0.9
budget: {latency_ms: 50, rows: 1, size_mb: 30}
knobs:
  minutes:
    words: How many minutes each attempt may take
    default: 2
    low: 1
    high: 30
  family:
    words: Which booster
    default: lightgbm
    choices: [lightgbm, catboost]
pipelines:
  quick:
    algorithms: [text_linear]
  trees:
    like: quick
    algorithms:
      - text_linear
      - ${family}: {learning_rate: 0.1}
    folds: 3
steps:
  - check data: safe fixes
  - try: quick
    minutes: ${minutes}
  - try: [trees]
    when: score < bar - 0.01
  - tune: leader
    trials: 5
    when: not bar met and rows > 500
  - post-process: abstain(below=0.6)
    when: recall("Fridges") < 0.8
  - gather: More titles of Fridges.
    when: worst_recall < 0.7
  - hand off: The titles alone do not say it.
    when: gap > 0.05
tests:
  - words: three kinds
    table: {rows: 90, columns: {title: text, price: number}, classes: [a, b, c]}
    target: category
"""


def changed(before: str, after: str) -> str:
    """Return the recipe with one place changed, which it has once."""
    assert WHOLE.count(before) == 1, before
    return WHOLE.replace(before, after)
