"""A predictor for the rows that a run was scored on: none is answered by a model that learned from it."""

from __future__ import annotations

import numpy as np
import pytest

from litmus_core.engine import list_models, open_candidate, open_for_validation, validation_predictions


@pytest.mark.parametrize("model", ["linear_BAG_L1", "extra_trees_BAG_L1", "WeightedEnsemble_L2"])
def test_unchanged_rows_get_their_out_of_fold_predictions(multiclass, model):
    labels, expected = validation_predictions(multiclass.folder, model)

    said = open_for_validation(multiclass.folder, model).predict_proba(multiclass.frame.loc[labels])

    assert said == pytest.approx(expected, abs=1e-6)
    assert not np.allclose(
        open_candidate(multiclass.folder, model).predict_proba(multiclass.frame.loc[labels]),
        expected,
        atol=1e-3,
    )


def test_a_row_is_answered_alike_in_any_order_and_however_often_it_is_asked(multiclass):
    model = list_models(multiclass.folder)[-1].model
    predictor = open_for_validation(multiclass.folder, model)
    frame = multiclass.frame.iloc[[5, 190, 77, 5]]

    said = predictor.predict_proba(frame)

    assert np.array_equal(said[0], said[3])
    assert np.array_equal(said[::-1], predictor.predict_proba(frame.iloc[::-1]))


def test_without_folds_validation_rows_are_answered_by_the_model_itself(binary):
    labels, expected = validation_predictions(binary.folder, "linear")

    said = open_for_validation(binary.folder, "linear").predict_proba(binary.frame.loc[labels])

    assert said == pytest.approx(expected, abs=1e-6)
