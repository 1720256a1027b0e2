"""The texts of checks on every page, in every command, report and verdict.

Braces hold facts of a statement; ``litmus_core.text.fill_sentence`` describes how they are formatted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from litmus_core.text import fill_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litmus_core.types import Finding, Statement

# By check: its sentences, its evidence, and phrases of both.
TEXTS: dict[str, dict[str, str]] = {
    "plain": {
        "text": "{text}",
    },
    "comparison": {
        "splits": "Quick model at random: {scale} {random:score}; {structured:say}: {apart:score} "
        "(difference in points: {points:.1f}{noise:?noise}; mean of {n_tries} tries).",
        "noise": ", give or take {noise:.1f}",
        "copies": "copies kept together",
        "groups": "rows of one {columns:names} kept together",
        "later rows": "learned from earlier rows, tested on later ones",
        "earlier rows": "learned from later rows, tested on earlier ones",
    },
    "constant_column": {
        "empty": "{columns:names} is empty in every row.",
        "constant": "{columns:names} has the same value in every row{example:?example}.",
        "example": ": {example}",
        "many": "{n_columns:,} columns have the same value in every row.",
    },
    "id_column": {
        "id": "{columns:names} is an ID: {n_distinct:,} different values in {n_rows:count row}. It does not "
        "help prediction.",
        "many": "{n_columns:,} columns are IDs. They do not help prediction.",
    },
    "missing_values": {
        "empty": "{columns:names} is empty in {share:share} of the rows.",
        "present": "{n_present:,} of {n_rows:count row} have a value.",
        "many": "{n_columns:,} columns are empty in most rows.",
    },
    "disguised_missing": {
        "numbers": "{values:list} in {columns:names} {values:looks|look} as if {values:it|they} stood for a "
        "missing value.",
        "possible numbers": "{values:list} in {columns:names} may stand for a missing value.",
        "words": "{values:names} in {columns:names} {values:stands|stand} for a missing value.",
        "possible words": "{values:names} in {columns:names} may stand for a missing value.",
        "number": "{value} is there in {n_rows:count row}.",
        "word": "'{value}' is there in {n_rows:count row}.",
        "others": "The other numbers go from {low} to {high}.",
    },
    "mixed_types": {
        "mixed": "{columns:names} holds {holds} in {share:share} of its rows, and words in the rest.",
        "odd rows": "{n_rows:count row} do not fit: {values:names of n_values}.",
        "consequence": "Because of them the column is read as text, so a model cannot use its {holds}.",
        "unread": "{columns:names} looks like {holds}, but they are not all written the same way.",
        "examples": "For example {values:names}.",
        "read as text": "So the column is read as text.",
        "dropped words": "{columns:names} has {values:names} in place of some numbers. Import read "
        "{n_values:it|them} as missing.",
        "without": "{n_rows:count row} ({share:share}) {n_rows:has|have} no number in {columns:names}.",
        "own column": "If that means more than 'no value', put it into a column of its own in the file.",
    },
    "whitespace_case": {
        "spaces": "Some values of {columns:names} have spaces around them, {is_split:?split|no split}.",
        "split": "so one category looks like two",
        "no split": "which changes nothing here but may elsewhere",
        "spaced rows": "{n_rows:count row} {n_rows:has|have} them.",
        "spellings": "{columns:names} spells the same category in several ways: {values:names}.",
        "categories": "{n_spellings:,} spellings stand for {n_categories:count category/categories}.",
        "many": "{n_columns:,} columns hold categories with spaces around them or in several spellings.",
    },
    "near_duplicate_names": {
        "near": "'{rarer}' and '{commoner}' in {columns:names} may be the same{n_more:?more}.",
        "more": ", and {n_more:,} more",
        "pair": "'{first}' and '{second}'",
        "unknown": "Too few rows to say whether a model can tell {@pair} apart.",
        "confused": "A quick model cannot tell {@pair} apart: {@apart}.",
        "distinguished": "A quick model tells {@pair} apart: {@apart}.",
        "unclear": "Whether {@pair} can be told apart is not clear. A quick model: {@apart}.",
        "apart": "it gets {share:share} of the way from guessing to certainty; other labels {usual:share}",
    },
    "infinities": {
        "infinite": "{columns:names} had infinite numbers in {n_rows:count row}, often a division by zero.",
        "read as missing": "They were taken as missing when the table was read.",
    },
    "outliers": {
        "far": "{n_rows:count number} in {columns:names} {n_rows:lies|lie} far away from all others.",
        "others": "All others lie between {low} and {high}; half of them within {width}.",
        "many": "{n_columns:,} columns hold a few numbers far away from all others.",
    },
    "duplicate_columns": {
        "same": "'{second}' holds the same values as '{first}'.",
        "scale": "'{second}' is '{first}' on another scale.",
        "formula": "{second} = {slope:number} times {first}{start:?start}, within rounding.",
        "moved": "{second} = {first}{start:?start}, within rounding.",
        "start": " {sign} {start:number}",
        "other words": "'{second}' says the same as '{first}' in other words.",
        "examples": "For example {pairs:list}.",
        "worth": "They carry the same information; keep one.",
        "many": "{n_columns:,} columns repeat what other columns say.",
    },
    "empty_rows": {
        "empty": "{n_rows:count row} ({share:share}) {n_rows:is|are} empty: nothing can be learned from "
        "them.",
        "places": "Rows {places:list of n_rows}, counted from 1.",
    },
    "extra_rows": {
        "rows": "{n_rows:count row} ({share:share}) {n_rows:holds|hold} no data, but {n_rows:came|came} with "
        "the table.",
        "total": "Row {place:,} is a total: it says '{text}'.",
        "sum": "Row {place:,} is a total: its numbers are the sums of those above.",
        "note": "Row {place:,} is a note: '{text}'.",
        "header": "Row {place:,} repeats the names of the columns.",
        "units": "Row {place:,} says what is in the columns: {text}.",
    },
    "duplicate_rows": {
        "copies": "{@about}.",
        "natural": "{@about}. That is natural here: chance alone makes rows of this table equal.",
        "harmful": "{@about}. A random split puts copies in both training and test data, so the score is too "
        "good.",
        "about": "{n_rows:count row} ({share:share}) {n_rows:is a copy|are copies} of another",
    },
    "conflicting_labels": {
        "conflict": "{n_rows:count row} ({share:share}) {n_rows:looks|look} like another row but "
        "{n_rows:has|have} another {columns:names}.",
        "most": "So no model can be right on more than {most:share 1} of all rows.",
    },
    "few_rows": {
        "few": "{n_rows:count row} {n_rows:is|are} few to learn from. Nothing helps as much as more of them.",
    },
    "wide_table": {
        "wide": "There are more columns ({n_columns:,}) than rows ({n_rows:,}), so some will fit the answer "
        "by mere chance.",
        "remedy": "Leave out the columns that cannot matter, or gather more rows.",
    },
    "small_test": {
        "rows": "{n_rows:count row} {is_own:?of a file|of the table} would judge the model: {@labels}.",
        "values": "{n_rows:count row} {is_own:?of a file|of the table} would judge the model: {@errors}.",
        "of a file": "of the test file",
        "of the table": "(20 % of the table)",
        "labels": "a model that is right 90 % of the time could look like anything from {low:share 0} to "
        "{high:share 0}",
        "errors": "the error would be known to about ± {width:share 0}",
        "range": "A bar within that range cannot be decided. More rows make it narrower.",
    },
    "personal_data": {
        "values": "{columns:names} seems to hold {holds} (in {share:share} of the rows looked at).",
        "name": "{columns:names} is named like personal data.",
        "use": "Make sure that it may be used. A model seldom needs it.",
        "many": "{n_columns:,} columns may hold personal data.",
    },
    "missing_labels": {
        "missing": "{n_rows:count row} ({share:share}) {n_rows:has|have} no {columns:names}, so nothing can "
        "be learned from {n_rows:it|them}.",
        "set aside": "Training sets them aside anyway. Drop them so that all counts are of rows that matter.",
    },
    "rare_labels": {
        "labels": "{labels:names of n_labels} in {columns:names} have fewer than {fewest} rows, "
        "{is_harmful:?harmful|uncertain}.",
        "label": "{labels:names} in {columns:names} has {n_rows:count row}, {is_harmful:?harmful|uncertain}.",
        "harmful": "too few to learn from and to be tested",
        "uncertain": "so predictions for them are uncertain",
    },
    "imbalance": {
        "lopsided": "Guessing always '{label}' is right {share:share} of the time, so look at balanced "
        "accuracy and not at accuracy.",
        "rows": "{n_rows:count row} are '{label}', {n_others:count row} {n_others:is|are} not.",
        "test": "A test part of 20 % would hold about {n_test:,} of those {n_others:,}.",
    },
    "type_differs": {
        "lacking": "{columns:names} is not there in the test rows.",
        "differs": "{columns:names} holds {here:say}, but {there:say} in the test rows.",
        "import": "Import the test rows with the column types of this table.",
        "many": "{n_columns:,} columns are of another type in the test rows, or not there.",
        "BIGINT": "whole numbers",
        "DOUBLE": "numbers",
        "VARCHAR": "texts",
        "TIMESTAMP": "dates",
        "BOOLEAN": "yes or no",
    },
    "unseen_categories": {
        "labels": "{n_values:count label} of {columns:names} {@alone}",
        "values": "{n_values:count value} of {columns:names} {@alone}",
        "alone": "{n_values:is|are} in the test rows alone: {values:names of n_values}.",
        "rows": "{n_rows:count test row} ({share:share}) have them; {is_target:?labels lost|values lost}.",
        "labels lost": "no model can predict them",
        "values lost": "a model knows nothing of them",
        "many": "{n_columns:,} columns hold categories in the test rows that were never seen.",
    },
    "row_order": {
        "follows": "The rows are sorted by '{target}', and {columns:names} follows their order: it alone "
        "scores {scale} {score:score}, which no new row will repeat.",
        "sorted": "The rows are sorted by '{target}'. No column follows their order, so this does no harm "
        "here: Litmus shuffles rows before it splits them.",
        "alone": "{columns:names} alone, on rows not learned from: {scale} {score:score}{is_merged:?merged}.",
        "merged": " (spellings of one label counted as one)",
        "row number": "The row number alone: {scale} {score:score}.",
        "row number and guessing": "The row number alone: {scale} {score:score}. Guessing: {chance:score}.",
    },
    "leakage": {
        "same": "{columns:names} says the same as '{target}'. {@scores}",
        "all but same": "{columns:names} all but says what '{target}' is. {@scores}",
        "scores": "With it {scale} {score:score}, without it {others:score}. If it is known only afterwards, "
        "a model that looks at it fails in use.",
        "worked out": "'{target}' can be worked out {is_exact:?exactly|mostly}: it is {formula}. Without "
        "{columns:names} a quick model reaches R² {others:score}.",
        "exactly": "exactly",
        "mostly": "in {share:share} of the rows",
        "names a thing": "Each value of {columns:names} nearly always goes with one '{target}'. A model "
        "memorises these values and has no answer for a new one.",
        "nearly alone": "{columns:names} alone nearly gives '{target}' away: {scale} {score:score}, where "
        "the others together reach {others:score}. {@keep}",
        "more than others": "{columns:names} alone says far more about '{target}' than all other columns "
        "together ({scale} {score:score} against {others:score}). {@keep}",
        "keep": "Keep it only if it is known before the answer is.",
        "needed": "With {columns:names} a quick model reaches {scale} {score:score}, without {others:score}. "
        "If {columns:it is|they are} known only after '{target}' is, leave {columns:it|them} out.",
        "alone": "A small model of {columns:names} alone: {scale} {score:score} on rows that it had not "
        "seen.",
        "without leaks": "A quick model of all other columns, without those that give the answer away: "
        "{scale} {others:score}.",
        "without": "A quick model of all other columns: {scale} {others:score}.",
        "together": "Together with {terms:names} it gives '{target}', in rows that the formula was not taken "
        "from, too.",
    },
    "structure": {
        "groups": "{columns:names} has {n_distinct:,} values with {per_group:.1f} rows each on "
        "average{ends:say}",
        "date": "Rows have a time in {columns:names}{ends:say}",
        "calendar": "{columns:names} together tell the time of a row{ends:say}",
        "counter": "The rows come in an order, which {columns:names} counts{ends:say}",
        "number": "{columns:names} may number the rows in the order they came in, and answers change along "
        "it{ends:say}",
        "rows": "{columns:names} only numbers the rows, and answers change along them{ends:say}",
        "groups flattered": ", and rows that share one are alike. A {@flatters}: keep all rows of one "
        "{columns:names} together.",
        "time flattered": ", and later ones are unlike earlier ones. A {@flatters}{is_backward:?backward}: "
        "test on the latest rows.",
        "number flattered": ". If it does: a {@flatters}, and the latest rows should test.",
        "rows flattered": ". If the rows are in order of time, a {@flatters}: test on the latest rows.",
        "flatters": "random split flatters {is_lost:?lost|by points}",
        "by points": "by {points:count point} ({scale} {random:score} against {structured:score})",
        "lost": "({scale} {random:score}, where an honest split is worse than guessing)",
        "backward": " where earlier rows are asked",
        "doubtful": ". Answers change along it, and one of two models is flattered by a random split "
        "({scale} {random:score} against {structured:score}): test on the latest rows.",
        "unlike": ". The latest rows are unlike the others: a random split of all rows scores {scale} "
        "{overall:score}, the latest ones, answered from earlier ones, {structured:score}. Test on the "
        "latest rows.",
        "disagree": ". Models do not agree on whether a random split flatters ({scale} {random:score} "
        "against {structured:score}).",
        "same": ". A random split does not flatter: both splits score {scale} {random:score}.",
        "harmless": ". A random split does not flatter beyond what chance does ({scale} {random:score} "
        "against {structured:score}).",
        "explains": "The average of its {columns:names} alone explains {share:share 0} of what there is to "
        "tell.",
        "explains more": "The average of its {columns:names} explains {share:share 0} of what the other "
        "columns leave open.",
        "same groups": "{columns:names} {columns:names|name} the same groups as '{group}'.",
        "left out": "The models of both scores see {columns:names}, which Litmus leaves out by itself.",
    },
    "suspicious_labels": {
        "wrong": "In {n_rows:count row} {columns:names} looks wrong: a model that learned from the other "
        "rows expects something else there.{n_looked:?looked}",
        "looked": " Of {n_looked:,} rows looked at.",
        "quick model": "The quick model behind this scores {scale} {score:score}.",
    },
    "near_duplicates": {
        "ids": "{@about} with IDs of their own in {columns:names}: different cases that look alike, or one "
        "case recorded twice. {can_split:?keep|group}, and delete none of them unseen.",
        "keep": "Keep them together in one part",
        "group": "Group them by what they have in common",
        "copies": "{@about}: equal to another row but for {columns:?columns|tiny}. {worth:say}",
        "too good": "A random split puts copies in both training and test data, so the score is too good.",
        "same score": "A random split puts copies in both training and test data. Here that hardly changes "
        "the score.",
        "unknown": "A random split puts copies in both training and test data, so the score may look too "
        "good.",
        "about": "{n_looked:?some|all}",
        "all": "{n_rows:,} rows ({share:share}) are near-duplicates",
        "some": "About {share:share} of the rows are near-duplicates",
        "equal": "Rows that are equal in every cell are counted separately.",
        "estimated": "Of {n_looked:,} rows compared, {n_rows:,} have a near-duplicate among them. The share "
        "of all rows is estimated from them; copies beyond them remain after a fix.",
        "columns": "{columns:names}",
        "tiny": "tiny differences or a cell",
    },
    "overlap": {
        "shared": "{n_rows:,} of the {n_test:,} test rows ({share:share}) also lie in the "
        "table{n_near:?near}. A model has already seen their answers, so its test score looks too good.",
        "near": "{are_all_near:?all near|some near}",
        "all near": ", all but for tiny differences",
        "some near": ", {n_near:,} of them but for tiny differences",
        "within": "Within the table itself {share:share} of the rows have such a copy.",
    },
    "shift": {
        "unlike": "The test rows are not like the table. A quick model tells them apart, most of all by "
        "{columns:?columns|together} (AUC {score:score}; 0.5 would be rows mixed at random). The test score "
        "will not be what training promises.",
        "columns": "{columns:names}",
        "together": "several columns together",
        "harmless": "None of these columns says much about '{target}' by itself.",
        "matters": "{columns:names} {columns:says|say} something about '{target}', too.",
    },
}


def statement_sentence(statement: Statement) -> str:
    """Return the sentence of a check's statement."""
    return fill_sentence(TEXTS[statement.kind], statement.key, dict(statement.facts))


def comparison_text(key: str, *, columns: Sequence[str]) -> str:
    """Describe how rows were split."""
    return fill_sentence(TEXTS["comparison"], key, {"columns": columns})


def finding_sentence(finding: Finding) -> str:
    """Return the sentence of a finding."""
    return statement_sentence(finding.statement)


def evidence_sentences(finding: Finding) -> tuple[str, ...]:
    """Return the sentences on the evidence of a finding."""
    return tuple(map(statement_sentence, finding.evidence))
