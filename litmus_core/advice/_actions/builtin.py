"""Litmus' own actions, described like plug-ins."""

from __future__ import annotations

from litmus_core.types import ActionKind

# Title, and when it helps, by kind of action.
KNOWN_ACTIONS: dict[ActionKind, tuple[str, str]] = {
    "time": ("Give it more time", "The time was used up"),
    "folds": ("Train in folds", "The run had none, and its rows may be folded"),
    "tune": ("Look for better settings", "The run was not tuned"),
    "rows": ("Collect more rows", "Each doubling of the rows still brings something"),
    "class rows": ("Collect rows of a class", "A class does worse with half of its rows"),
    "segment rows": ("Collect rows of a segment", "A segment does worse, and better the more rows it has"),
    "memory": ("Learn from more rows of the table", "All rows did not fit into memory"),
    "family": ("Train another family of models", "A family that was not trained may be better"),
    "stack": (
        "Stack models",
        "Trees on the columns and on other models' predictions do better on unseen rows",
    ),
    "balanced": ("Weight classes equally", "The score counts each class, and some are rare"),
    "columns": ("Leave columns out", "Some columns tell nothing, or mislead"),
    "made columns": ("Build columns from columns", "How values compare or repeat is in no single column"),
    "threshold": ("Move the threshold", "The score depends on where yes begins"),
    "calibrate": ("Calibrate", "Probabilities are too high or too low"),
    "abstain": ("Leave unsure rows to people", "The least certain answers are wrong far more often"),
    "copies": ("Remove copies of rows", "Test rows are copies of rows that the model learned from"),
    "split": ("Change the split", "A random split flatters: rows come in time, or in groups"),
    "leak": ("Leave out a leak", "A column is not known yet when an answer is needed"),
    "labels": ("Learn without doubtful labels", "Some rows' answers look like mistakes"),
    "faster": ("Make it faster", "A model is outside the budget"),
    "judge": ("Judge by all rows", "The verdict is undecided"),
    "judge rows": ("Gather rows to judge by", "The verdict is undecided"),
    "bar": ("Promise another bar", "The verdict is undecided, and a lower bar is kept already"),
}
