"""The final model: the judged one fitted again on every row, with the same settings."""

from litmus_core.engine._final.fit import FinalFit, final_fit_of, fit_final_model, no_final_reason

__all__ = ["FinalFit", "final_fit_of", "fit_final_model", "no_final_reason"]
