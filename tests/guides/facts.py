"""The figures of the code that README and guides state, and how the code has them now."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.web.server.starlette.starlette_app_utils import AUTH_COOKIE_MAX_AGE_SECONDS

from tests.frame.sayings import SAYINGS
from tests.guides.figures import (
    GB,
    MB,
    SECOND_PROCESSOR,
    default,
    hours,
    learned_share,
    limits,
    listed,
    looks,
    of,
    page_times,
    pythons,
    reach,
    rows_gb,
    strict_looks,
    wrong_of_twenty,
)

# By document: words with the figure left open, and the figure.
FACTS: dict[str, list[tuple[str, Callable[[], object]]]] = {
    "docs/adr/0019-verdicts-and-looks.md": [
        ("with 0.8 twenty looks bring {:.1f} wrong claims", lambda: wrong_of_twenty(0.8, counted=True)),
        ("deserved, {:.1f} uncounted", lambda: wrong_of_twenty(0.8, counted=False)),
        ("to {:.1f} here", lambda: wrong_of_twenty(0.8, counted=True, end=strict_looks)),
        ("tenth look would need {:.1f} times", lambda: (strict_looks(10) / looks(1)) ** 2),
        ("of a first one instead of {:.1f}.", lambda: (looks(10) / looks(1)) ** 2),
    ],
    "docs/guides/assertions.md": [
        ("On up to {:,} validation rows", lambda: of("diagnostics._assertions", "_MOST_ROWS")),
        ("and at least {}.", lambda: of("diagnostics", "FEWEST_TRIED")),
        ("by less than {:.0f} % of", lambda: 100 * of("diagnostics._assertions", "_SPREAD")),
    ],
    "docs/bundle.md": [
        (
            "formats {}",
            lambda: (
                f"{of('runtime._seal.manifest', 'PLAIN_FORMAT')} and {of('runtime._seal.manifest', 'FORMAT')}"
            ),
        ),
        (
            "every answer is within {:.0e}",
            lambda: of("engine._run_folder.compiled_forms", "_LARGEST_DIFFERENCE"),
        ),
        ("differs by more than {:.4f}", lambda: of("runtime._seal.golden", "PROOF_TOLERANCE")),
        ("allows {:.0e}", lambda: of("runtime._seal.golden", "TOLERANCE")),
    ],
    "docs/guides/intervals.md": [
        ("Values with fewer than {} rows", lambda: of("engine", "GROUP_ROWS")),
        ("fewer than {} rows together", lambda: of("engine", "GROUP_ROWS")),
        ("90 % takes {} rows", lambda: of("runtime", "rows_needed")(0.9)),
        ("99 % takes {}.", lambda: of("runtime", "rows_needed")(0.99)),
    ],
    "docs/guides/many-targets.md": [
        ("learned and judged: {}, unless", lambda: of("many_targets", "FEWEST")),
        ("fewer than {} rows have", lambda: of("many_targets", "FEWEST")),
        (
            "fewer than {} rows with all",
            lambda: of("many_targets", "FEWEST_COMPLETE"),
        ),
        (
            "less than {:.0f} s for a target",
            lambda: of("experiments._api.many_targets.train_targets", "_LEAST_S"),
        ),
    ],
    "docs/guides/big-data.md": [
        (
            "Training takes {} times what the rows take",
            lambda: {8.0: "eight"}.get(of("jobs._memory_budget", "_TIMES")),
        ),
        ("and the libraries take {} GB", lambda: of("jobs._memory_budget", "_LIBRARIES_GB")),
        ("Tables of up to {:.0f} MB in memory", lambda: 1000 * of("jobs._memory_budget", "_ALWAYS_GB")),
        ("or {:.0f} % of the memory that is free", lambda: 100 * of("jobs._memory_budget", "_SHARE")),
        ("Where fewer than {} would fit", lambda: of("data._rows.sampling", "_FEWEST_GROUPS")),
        ("they look at {:,} rows drawn at random", lambda: of("checks._context.table", "SAMPLE_ROWS")),
        (
            "are of {} million rows at most",
            lambda: {2_000_000: "two"}.get(of("data._baselines", "_MOST_READ")),
        ),
    ],
    "docs/guides/cluster.md": [
        ("Each piece of at most {:,} rows", lambda: of("runtime._files.tables", "_MAX_CHUNK_ROWS")),
    ],
    "docs/guides/continue.md": [
        ("old ones only up to {:,} rows in all", lambda: of("engine._warm_start._rows", "_LEAST_ROWS")),
    ],
    "docs/guides/custom-models.md": [
        (
            "at most {:.0f} % of the time then left",
            lambda: 100 * of("engine._families.custom", "SHARE"),
        ),
        ("it has at most {:.0f} %", lambda: 100 * of("engine._families.custom", "MOST")),
        ("up to {} MB", lambda: of("plugins._process.host", "_MOST_LOG_BYTES") // MB),
    ],
    "docs/guides/data-checks.md": [
        ("fewer than {} rows", lambda: of("checks._table_size", "_FEW")),
        ("a score of {:.0f} % would lie", lambda: 100 * of("checks._table_size", "_ACCURACY")),
        ("model, up to {:,} rows drawn at random", lambda: of("checks._context.table", "SAMPLE_ROWS")),
        (
            "only those with {} rows or more count",
            lambda: of("checks._context.split_optimism", "_FEWEST_OF_CLASS"),
        ),
        (
            "`near_duplicates` looks at {:,} rows",
            lambda: of("checks._near_duplicates", "_MORE_ROWS") * of("checks._context.table", "SAMPLE_ROWS"),
        ),
        ("quick models see {:,} rows", lambda: of("jobs._judging.cautions", "_CHECKED_ROWS")),
        (
            "no check begins after {:.0f} % of the time limit",
            lambda: 100 * of("jobs._judging.cautions", "_SHARE"),
        ),
    ],
    "docs/guides/data-room.md": [
        ("all rows, {} a page", lambda: of("app.views.tables.rows", "PAGE_ROWS")),
    ],
    "docs/guides/data-sources.md": [
        ("within {} GiB of memory", lambda: of("data._sources.workbooks.workbook", "_MEMORY_BYTES") // GB),
        (
            "workbooks of more than {} GiB",
            lambda: of("data._sources.workbooks.workbook", "_LARGEST_BYTES") // GB,
        ),
        ("more than {} times their size", lambda: of("runtime._files.encoding", "_MOST_EXPANSION")),
        ("more than {} MiB", lambda: of("runtime._files.encoding", "_SMALL") // MB),
    ],
    "docs/guides/data.md": [
        ("where that is {:.0f} % or more", lambda: 100 * of("data._split.overlap", "_REPEATS_ARE_COMMON")),
    ],
    "docs/guides/export.md": [
        ("as the model does, to {:.0e}", lambda: of("deploy._exporters.onnx_file", "_LARGEST_DIFFERENCE")),
        ("the least int64, {}", lambda: of("engine._onnx._input", "MISSING_MOMENT")),
        ("at most one chunk ({:,} rows", lambda: of("runtime._files.tables", "_MAX_CHUNK_ROWS")),
        ("Up to {} rows of each chunk", lambda: of("runtime._drift.monitor", "_ROWS_PER_BATCH")),
        ("about {:,} rows of a file", lambda: of("runtime._drift.monitor", "_MOST_ROWS")),
        ("fewer than {} rows", lambda: of("runtime._drift.monitor", "FEWEST_ROWS")),
    ],
    "docs/guides/faster.md": [
        ("for one row and for {:,} rows a call", lambda: of("cli._compression", "_ROWS")[1]),
        (
            "the fewest that bring {} of what all do",
            lambda: " and ".join(f"{100 * each:.0f} %" for each in of("engine._refine._columns", "_SHARES")),
        ),
        (
            "how many rows a call brings: {}, or",
            lambda: ", ".join(f"{each:,}" for each in of("jobs._stages.latency", "_BATCHES")),
        ),
    ],
    "docs/guides/frame.md": [
        ("A table of some {} sayings", lambda: round(len(SAYINGS), -2)),
    ],
    "docs/guides/handoffs.md": [
        ("the latest {}", lambda: of("experiments._handoffs.context", "_MOST_SCRIPTS")),
    ],
    "docs/guides/improve.md": [
        ("| `rows` | {} rows or more", lambda: of("advice._trials.runner", "_FEWEST_ROWS")),
        (
            "have some {} rows or more, and at most half",
            lambda: learned_share(of("advice._trials.segment_subsampling", "FEWEST")),
        ),
        ("at most {:,} of the run's", lambda: of("advice._trials.runner", "_MOST_ROWS")),
        ("*Look again* spends {:.0f} s", lambda: of("app.controllers.improve", "_LONGER_S")),
        (
            "instead of {}.",
            lambda: reach(
                of("experiments._actions.service", "_LEAST_S"), of("experiments._actions.service", "_MOST_S")
            ),
        ),
        (
            "Fewer than {} such rows tell nothing",
            lambda: of("experiments._actions.collected_rows_gain", "_FEWEST"),
        ),
    ],
    "docs/guides/metrics.md": [
        ("the cost of {:,.0f} cases", lambda: of("metrics._costs", "PER_CASES")),
        ("for up to {} answers", lambda: of("app.presenters.question.metric_picker", "MOST_CLASSES")),
    ],
    "docs/guides/plugin-actions.md": [
        ("up to {:,} of the run's", lambda: of("experiments._actions.plugins", "_MOST_ROWS")),
        ("of at most {} proposals", lambda: {10: "ten"}.get(of("plugins._proposals", "_MOST"))),
    ],
    "docs/guides/plugin-certificate-lines.md": [
        ("up to {:,} rows", lambda: of("experiments._plugins.certificate_lines", "_MOST_ROWS")),
        ("(it has a {})", lambda: {60.0: "minute"}[of("plugins._certificate_lines", "_LIMIT_S")]),
    ],
    "docs/guides/plugin-hooks.md": [
        ("Each call may take {:.0f} seconds", lambda: of("jobs._hooks", "_CALL_S")),
    ],
    "docs/guides/production.md": [
        (
            "at {} rows a call",
            lambda: listed(of("latency._lab", "BATCHES")),
        ),
        ("with {} callers", lambda: listed(of("latency._lab", "CALLERS"))),
        ("at most {} s, which is what", lambda: of("deploy._bundles.container", "START_PERIOD_S")),
    ],
    "docs/guides/python.md": [
        ("{:.0f} seconds where you do not say", lambda: of("experiments._api.train", "_TIME_LIMIT_S")),
        (
            "folds of {} rows are fitted so",
            lambda: reach(
                of("engine._resources", "_PARALLEL_ROWS").start,
                of("engine._resources", "_PARALLEL_ROWS").stop,
            ),
        ),
        ("of fewer than {:,} rows one for each model", lambda: of("engine._resources", "_THREADS_PAY")),
    ],
    "docs/guides/recipes.md": [
        ("and {} that come with Litmus", lambda: {6: "six"}.get(len(of("recipes", "built_in_texts")()))),
        ("`rows` (40 to {:,})", lambda: of("recipes._tests", "_MOST_ROWS")),
    ],
    "docs/guides/reports.md": [
        ("the latest {} runs", lambda: of("report._history", "_MOST_RUNS")),
    ],
    "docs/guides/scale.md": [
        ("Pieces of {:,} rows", lambda: of("runtime._files.tables", "_MAX_CHUNK_ROWS")),
        ("On 64 GB that is {:.1f} GB of rows", lambda: rows_gb(64)),
        ("some {:.0f} million with ten numbers each", lambda: 1000 * rows_gb(64) / 80),
        ("some {:,.0f} requests a second", lambda: round(4 / 1.7) * 1_000),
        ("the measured {:.0f} % that a second node adds", lambda: 100 * SECOND_PROCESSOR),
        ("| 10 million (measured) | {:.1f} min |", lambda: 60 * hours(1e7, 1)),
        (
            "| 1 billion | {} |",
            lambda: " | ".join(
                (
                    f"{hours(1e9, 1):.0f} h",
                    *(f"{60 * hours(1e9, 16):.0f} min", f"{60 * hours(1e9, 128):.1f} min"),
                )
            ),
        ),
        (
            "| 100 billion | {} |",
            lambda: f"{hours(1e11, 1) / 24:.0f} days | {hours(1e11, 16):.0f} h | {hours(1e11, 128):.1f} h",
        ),
        (
            "redrawn in {} ms with 200 experiments (measured, p95)",
            lambda: reach(*page_times()),
        ),
    ],
    "docs/guides/serving.md": [
        ("The answer to {} rows or more", lambda: of("runtime._drift.monitor", "FEWEST_ROWS")),
        (
            "head took more than {:.0f} seconds",
            lambda: of("serving._guards.protocol", "TimeLimitedProtocol.head_timeout_s"),
        ),
        ("its body more than {:.0f}", lambda: limits("max_body_s")),
        ("more than {:,} rows (`--max-rows`)", lambda: limits("max_rows")),
        ("or {} MiB (`--max-body-mb`", lambda: limits("max_body_bytes") // MB),
        ("`--max-body-mb`, up to {})", lambda: of("serving._request_parsing", "MOST_BODY_BYTES") // MB),
        ("in over {:,} pieces", lambda: of("serving._arrow", "_MOST_MESSAGES")),
        ("more than {} requests are waiting", lambda: limits("max_waiting")),
        ("bodies over {} MiB", lambda: of("serving._request_parsing", "_SMALL_BODY") // MB),
        ("fill {} MiB together", lambda: limits("max_bytes_at_once") // MB),
        (
            "does not read its answer for {:.0f} seconds",
            lambda: of("serving._guards.protocol", "TimeLimitedProtocol.read_timeout_s"),
        ),
        ("doubles up to {:.0f} seconds", lambda: of("deploy._endpoints.supervisor", "_LONGEST_PAUSE_S")),
        ("after {:.0f} seconds at the latest", lambda: of("deploy._endpoints.server_process", "LINGER_S")),
        ("over the last {:,} good answers", lambda: of("serving._metrics", "N_RECENT")),
        ("(at most {:,} of a request)", lambda: of("serving._request_log", "MAX_ROWS")),
        ("than {} MiB.", lambda: default(of("serving._request_log", "RequestLogOptions"), "max_bytes") // MB),
        ("the newest {:,},", lambda: of("serving._outcomes.store", "Bounds")().max_answers),
        ("in {} MiB at most", lambda: of("serving._outcomes.store", "Bounds")().max_bytes // MB),
    ],
    "docs/guides/outcomes.md": [
        ("The newest {:,} answers", lambda: of("serving._outcomes.store", "Bounds")().max_answers),
        ("in {} MiB at most", lambda: of("serving._outcomes.store", "Bounds")().max_bytes // MB),
        ("up to {:,}, in case", lambda: of("serving._outcomes.store", "Bounds")().max_unmatched),
        ("as many outcomes as rows ({:,})", lambda: limits("max_rows")),
    ],
    "docs/guides/sign-in.md": [
        ("itself lives for {:.0f} days", lambda: AUTH_COOKIE_MAX_AGE_SECONDS / 86_400),
        ("not expired ({:.0f} seconds aside)", lambda: of("serving._guards.tokens", "_LEEWAY_S")),
    ],
    "docs/guides/sql.md": [
        ("may take {:.0f} seconds", lambda: of("store._analytic.user_sql", "SqlLimits")().seconds),
        ("{} GB of memory", lambda: of("store._analytic.user_sql", "SqlLimits")().memory_mb // 1024),
        ("and {:,} rows", lambda: of("store._analytic.user_sql", "SqlLimits")().rows),
    ],
    "docs/guides/tuning.md": [
        ("goes into trials (at most {}).", lambda: of("engine._tuning._check", "_MOST_SHARE")),
    ],
    "docs/guides/verdicts.md": [
        ("come from {:,} draws", lambda: of("jobs._judging.scores", "_REPLICATES")),
        ("with {} to 2,000 rows", lambda: of("types._tasks", "_FEW_ROWS").start),
        ("with 60 to {:,} rows", lambda: of("types._tasks", "_FEW_ROWS").stop),
        ("On more than {:,} rows, ROC AUC", lambda: of("metrics._uncertainty.draws", "_ROWS_DRAWN_SINGLY")),
        ("Each of the {} dots", lambda: of("verdicts._verdict", "_N_SPREAD")),
        ("Where even {} times as many", lambda: of("verdicts._sample_size", "_MOST_TIMES")),
        ("(and {:,}) would not do", lambda: of("verdicts._sample_size", "_MOST_ROWS")),
        (
            "a k-th of the error: {} at the fourth",
            lambda: f"{100 - 5 / 2} % at the second look, {100 - 5 / 4} %",
        ),
        ("at the fourth look it is {:.1f} times as wide", lambda: looks(4) / looks(1)),
        ("as if there were {:.1f} times fewer test rows", lambda: (looks(4) / looks(1)) ** 2),
        ("Twenty looks bring a wrong *meets* in {:.1f} of 100", lambda: wrong_of_twenty(0.8, counted=True)),
        ("(uncounted: {:.1f})", lambda: wrong_of_twenty(0.8, counted=False)),
        ("With a correlation of only 0.5 it is {:.1f}.", lambda: wrong_of_twenty(0.5, counted=True)),
        ("where fewer than {} are left", lambda: of("jobs._judging.cautions", "_FEWEST_LEFT")),
        (
            "from {:,} rows on, the judged model is trained again",
            lambda: of("jobs._final.plan", "_LEAST_ROWS"),
        ),
    ],
    "README.md": [
        ("with Python {}, ", pythons),
    ],
}
