"""An endpoint's answers and their outcomes: stored within a size limit, joined by id or by key."""

from litmus_core.serving._outcomes.collector import AnswerCollector
from litmus_core.serving._outcomes.ids import AnswerIds, id_text, read_id, time_of
from litmus_core.serving._outcomes.reader import NewOutcome, OutcomeReader
from litmus_core.serving._outcomes.store import OUTCOMES_CAME, AnswerStore, Bounds, JudgedRows, StoredAnswer

__all__ = [
    "OUTCOMES_CAME",
    "AnswerCollector",
    "AnswerIds",
    "AnswerStore",
    "Bounds",
    "JudgedRows",
    "NewOutcome",
    "OutcomeReader",
    "StoredAnswer",
    "id_text",
    "read_id",
    "time_of",
]
