"""The figures of README and guides that a benchmark measured, and those that nothing measures or counts."""

from __future__ import annotations

# By document: its words, and those of benchmarks/README.md that they go by.
MEASURES: dict[str, list[tuple[str, str]]] = {
    "docs/guides/scale.md": [
        ("their answer within 1.7 ms, 95 times of 100", "four callers' p95 1.7 ms"),
        (
            "A bundle of up to 16 MB and 76 MB of memory",
            "| size_mb, first_answer_s, resident_mb, the largest | 16 MB, 0.72 s, 76 MB |",
        ),
        (
            "69,000 rows a second on one processor, 119,000 on two nodes of one (10,000,000 rows of flights",
            "Parquet to Parquet (69,000 rows/s on one node, 119,000 on two)",
        ),
        (
            "10,000,000 rows in 7.4 s on two processors, in 0.9 GB",
            "Parquet 41 x** (≥ 27.7) in 7.4 s and 0.90 GB",
        ),
        (
            "Measured on 1.4 million rows of six columns: from 20,000 rows on",
            "learned from 20, 40, 80, 160, 320 and 640 thousand of the rows",
        ),
        ("1.67 to 2.05 x with two nodes", "fold_speedup 1.67, 2.05**"),
        ("with 200 experiments (measured, p95)", "200 experiments, 5,000 candidates"),
    ],
    "docs/guides/text-encoders.md": [
        (
            "43 MB a model (weights are kept as float16), 5.8 ms for one title",
            "| encoder, frozen, split 0 | 0.9693 | | 5.8 ms (≤ 15) | 43.0 MB |",
        ),
    ],
    "docs/guides/verdicts.md": [
        (
            "on 19 tables it told 0.21 standard errors where the chosen models really lost 0.30",
            "in standard errors: estimated; actual | 0.21; 0.30 |",
        ),
    ],
    "docs/bundle.md": [
        (
            "one row alone or within any batch ([measured]",
            "| max_difference, row_against_batch, labels_differ | 2.2e-6 (network on cuts), 0, 0 |",
        ),
    ],
}

# Examples, definitions and rules of thumb.
NO_FACTS: dict[str, list[str]] = {
    "README.md": [
        "its 95 % interval",
    ],
    "docs/bundle.md": [
        "29 packages in all",  # test_facts counts them in a bundle
        "the 95 % interval",
    ],
    "docs/guides/assertions.md": [
        "*In 37 of 1,000 rows a larger 'area' lowered 'price'.*",
    ],
    "docs/guides/big-data.md": [
        "*Trained and tested on 1,200,000 of 45,000,000 rows: more do not fit into 16 GB.*",
        "*Twice the rows would bring about +0.20 ± 0.10 points*",
    ],
    "docs/guides/cluster.md": [
        "row groups of 100,000 rows or so are best",
    ],
    "docs/guides/custom-models.md": [
        "0/1 columns for words",
    ],
    "docs/guides/faster.md": [
        "*5 of 9 columns*",
    ],
    "docs/guides/improve.md": [
        "An 80 % interval",
        "the 80 % interval",
        "surely (80 %)",
        "(19 times in 20)",
    ],
    "docs/guides/intervals.md": [
        "its own 95 % interval",
        "for 90 of 100 rows",
        "with 50 rows, a promise of 90 % may turn out anywhere from 80 to 97 %",  # a beta distribution's
    ],
    "docs/guides/explanations.md": [
        "with its 95 % interval, on validation rows",
        "between which answers 80 % of the rows lie",
        "about a second for 1,000 rows and 1,000 leaves",  # 0.85 s of processor, 10 trees of 1,000 leaves
        "with 95 % certainty",
    ],
    "docs/guides/python.md": [  # the blocks print them: test_python
        "none of the 30 rows before those that judge",
        "within 5 rows and 14 days of those that judge it",
        "28 rows within 5 rows and 14 days of rows that judge",
    ],
    "docs/guides/plugin-actions.md": [
        "an 80 % interval",
    ],
    "docs/guides/data.md": [
        "25 for 25 %",
    ],
    "docs/guides/data-room.md": [
        "with its 95 % interval",
    ],
    "docs/guides/reports.md": [
        "a 95 % interval",
        "0 % is guessing, 100 % the bar",
    ],
    "docs/guides/scale.md": [
        "asks 0.1 times a second",
        "*1,000 rows a call*",
        "On 64 GB that is",
    ],
    "docs/guides/scikit-learn.md": [
        "has a 95 % interval",
    ],
    "docs/guides/sql.md": [
        "its 95 % interval",
    ],
    "docs/guides/verdicts.md": [
        "*You can promise 0.84 with 95 % certainty*",
        "*Judged on 1,409 rows;",
        "the 95 % interval of the test score",
        "is wrong 2.5 times in 100",
    ],
    "docs/guides/data-checks.md": [
        "right in 96 of 100 rows",
    ],
}
