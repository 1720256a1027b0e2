"""Traps to plant in a clean table: what goes wrong with real files, and where a check has to find it."""

from __future__ import annotations

from benchmarks._checks_traps import _harm, _values
from benchmarks._checks_traps._trap import Planted, Trap

__all__ = ["TRAPS", "Planted", "Trap"]

TRAPS = (
    Trap("row order, numbered", "row_order", "harmful", _harm.row_order),
    Trap("row order, nearly an id", "row_order", "harmful", _harm.row_order_in_pages),
    Trap("leakage, filled afterwards", "leakage", "harmful", _harm.afterwards),
    Trap("leakage, codes", "leakage", "harmful", _harm.codes),
    Trap("leakage, total", "leakage", "harmful", _harm.total),
    Trap("leakage, other words", "leakage", "harmful", _harm.same_in_other_words),
    Trap("suspicious labels", "suspicious_labels", "warning", _harm.wrong_labels),
    Trap("near duplicates", "near_duplicates", "warning", _harm.near_duplicates),
    Trap("overlap", "overlap", "harmful", _harm.overlap),
    Trap("overlap, nearly", "overlap", "harmful", _harm.near_overlap),
    Trap("shift, other people", "shift", "harmful", _harm.shift),
    Trap("shift, other unit", "shift", "harmful", _harm.units),
    Trap("structure, customers", "structure", "harmful", _harm.customers),
    Trap("structure, drift", "structure", "harmful", _harm.drift),
    Trap("duplicate rows", "duplicate_rows", "harmful", _harm.duplicate_rows),
    Trap("conflicting labels", "conflicting_labels", "warning", _harm.conflicting_labels),
    Trap("disguised missing, number", "disguised_missing", "warning", _values.sentinel),
    Trap("disguised missing, word", "disguised_missing", "warning", _values.not_available),
    Trap("near-duplicate labels", "near_duplicate_labels", "warning", _values.plural),
    Trap("white space and case", "whitespace_case", "warning", _values.upper_case),
    Trap("constant column", "constant_column", "hint", _values.constant),
    Trap("duplicate columns", "duplicate_columns", "warning", _values.twin_column),
    Trap("missing labels", "missing_labels", "warning", _values.no_label),
    Trap("outliers", "outliers", "warning", _values.slipped_point),
    Trap("infinities", "infinities", "warning", _values.infinite),
    Trap("mixed types", "mixed_types", "warning", _values.words_among_numbers),
    Trap("unseen categories", "unseen_categories", "warning", _values.never_seen),
    Trap("personal data", "personal_data", "hint", _values.addresses),
    Trap("ids", "id_column", "hint", _values.ids),
)
