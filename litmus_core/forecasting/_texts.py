"""The words of forecasting: findings, errors and verdicts."""

from __future__ import annotations

from litmus_core.text import fill_sentence

TEXTS = {
    # errors, each with its hint
    "times": "{n:count value} of the time column '{column}' {n:is not a time|are not times}, "
    "such as {example!r}.",
    "times hint": "Write times as 2026-01-31 or 2026-01-31 14:00, or number the steps 1, 2, 3.",
    "decimals hint": "Years with decimals are read if all are months or quarters (1949.083). "
    "Write other times as 2026-01-31, or number the steps 1, 2, 3.",
    "orders": "The dates of '{column}' can be read in more than one order: {readings}.",
    "orders hint": "Write them as 2026-01-31, or import the file again with date_order={orders}.",
    "no ids": "No row has a '{column}' that names its series.",
    "no ids hint": "Name another column, or none where the table is one series.",
    "values": "{n:count value} of '{column}' {n:is not a number|are not numbers}, such as {example!r}.",
    "values hint": "Leave a missing value empty.",
    "far": "{n:count value} {n:is|are} more than a million times as large as usual, such as "
    "{example:number} at {time}{of_series}.",
    "far hint": "Correct it, or leave it empty: every error would look small beside it.",
    "empty": "The table has no row with a time and a value.",
    "empty hint": "A forecast needs a column of times and a column of numbers.",
    "doubled": "{n:count time} {n:occurs|occur} more than once in a series, such as {example}{of_series}.",
    "doubled hint": "Name the column that tells series apart (id), or merge: duplicates=sum, mean or last.",
    "mixed": "The series have different frequencies: {names:list}.",
    "mixed hint": "Forecast those of one frequency: frequency={nearest!r} leaves the others out.",
    "mixed days hint": "frequency={nearest!r} puts all of them on the same times.",
    "mixed weekdays hint": "With gaps=zero a missing row means 0, whatever its weekday.",
    "irregular": "{n:count time} {n:is|are} not {frequency}, such as {example}{of_series}.",
    "irregular hint": "Merge values to a frequency, such as frequency={nearest!r} with duplicates=sum.",
    "holes": "{share:share} of the {frequency} values are missing{of_series}.",
    "holes hint": "Choose a frequency at which most values are there, or another column of times.",
    "closed": "No {days:list} has a value{of_series}, so none can be forecast.",
    "closed times": "There is never a value at {times:list} or whole seasons from there{of_series}, "
    "so none can be forecast.",
    "closed hint": "With gaps=zero a missing row means 0, there and elsewhere.",
    "short": "The history is too short for a horizon of {horizon}: {n:count value}{of_series}.",
    "short hint": "The longest horizon that this history can judge is {longest}.",
    "uncompared": "The values from {first} to {last} are all missing{of_series}, so nothing there can "
    "compare the models.",
    "uncompared hint": "Give some of them, or only rows from one side of the gap. With gaps=zero a missing "
    "row means 0.",
    "hopeless": "A series of {n:count value} cannot be forecast and judged{of_series}.",
    "hopeless hint": "The shortest history for a horizon of 1 has {fewest} values.",
    "not ahead": "'{column}' repeats the values{shift}, so nobody knows it ahead.",
    "not ahead hint": "Leave it out of the columns known ahead.",
    "known missing": "'{column}' has no number for {n:count time} of the history.",
    "known missing hint": "Fill the column: a column known ahead has a value for each time.",
    "changing": "'{column}' changes within a series{of_series}.",
    "changing hint": "Give it as known ahead where the future values are known, or leave it out.",
    "frequency": "There is no frequency {name!r}.",
    "frequency hint": "Known ones: {names:list}.",
    "no value": "{time} has no value{of_series}.",
    "no value hint": "Leave out what is not known yet. Rows without a value may follow the last one, "
    "for columns known ahead.",
    "future": "The next {n} values of {columns} are needed{of_series}, and {time} has none.",
    "future hint": "Give them as future={{column: values}}, or in rows whose value is empty.",
    "ahead": "'{column}' has no value for {n:count step} ahead.",
    "ahead hint": "Give each column known ahead a value for each step.",
    # the report
    "subject": "{column}{several:?of several}, {ahead} ahead",
    "of several": " of {n:count series/series}",
    "score": "{metric} {value} ({interval}) in {n:count forecast} of {n_distinct:count value} of "
    "{n_series:count series/series} that no model had seen.",
    "baseline": "The best simple forecast, {title}, has a {metric} of {value} there.",
    "few units": "These values tell as much as {n:count independent stretch/independent stretches}; "
    "a verdict needs {n_wanted}.",
    "coverage": "Of {n:count forecast}, {coverage:share} lay within intervals that promise {level:share}.",
    "model": "{title} counts {weight:share}; its error at the validating origins is {validation}.",
    # findings
    "gaps": "{n:count value} {n:is|are} missing in {n_series:count series/series}; {how}.",
    "gaps past": "the value a season earlier stands there, and scores leave it out",
    "gaps zero": "0 stands there, as you asked",
    "closed days": "There is never a value on a {days:list}: those days are skipped and have no forecast. "
    "With gaps=zero they count as 0.",
    "blank ids": "{n:count row} {n:has|have} no '{column}', which would name the series: left out.",
    "incomplete": "Left out of {n_series:count series/series}, since rows are there for a part alone: "
    "{periods:list}.",
    "order": "The dates of '{column}' are read {order}, the order that makes regular series.",
    "zone": "'{column}' has a zone ({zones:list}); times are what the clock there shows.",
    "winter time": "'{column}' is in winter time all year: clocks show an hour twice in autumn.",
    "merged": "{n:count row} {n:shares|share} a time with another; {how} stands for each time.",
    "negative": "{n:count value} of '{column}' {n:is|are} negative among whole numbers, such as "
    "{example:number}. "
    "Counts are never negative: set them to 0, or leave them if they are returns.",
    "left out short": "{n:count series/series} {n:has|have} fewer than {fewest} values: left out.",
    "left out frequency": "{n:count series/series} {n:is|are} not {frequency} and left out.",
    "constant": "{n:count series/series} never {n:changes|change}; MASE leaves {n:it|them} out.",
    "all constant": "Nothing changes from season to season in the first part of the history.",
    "all constant hint": "There is nothing to learn: repeat the last season, or give a history that changes.",
    "no season": "{n:count series/series} {n:has|have} no more than two seasons of {season} values: models "
    "learn no season, and one repeats the last.",
    "late season": "{n:count series/series} {n:has|have} no more than two seasons of {season} values before "
    "the first forecast that is checked. While models are compared, they learn no season, and one repeats "
    "the last. A longer history changes that.",
    "future missing": "The table ends before the next {n:count value} of '{column}'. "
    "Add rows for them, the value empty, or give them with each forecast.",
    "few origins": "Only {n:count origin} can be tried, so scores and intervals rest on little.",
}


def say(key: str, **facts: object) -> str:
    """Return the text ``key`` with ``facts`` in its gaps.

    >>> say("gaps", n=1, n_series=1, how=say("gaps zero"))
    '1 value is missing in 1 series; 0 stands there, as you asked.'
    """
    return fill_sentence(TEXTS, key, facts)


def of_series(name: str) -> str:
    """Return " in series 'a'", or nothing for the only series."""
    return f" in series '{name}'" if name else ""
