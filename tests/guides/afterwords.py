"""What must be true once a document's Python has run: each is run behind it, in the same process."""

AFTERWORDS = {
    "README.md": """
assert bundle.predict([row | {"body_mass_g": 5000, "sex": None, "year": 2008}]) == ["Gentoo"]
""",
    "docs/guides/continue.md": """
import re

studio = handle.studio
before, after = (
    pd.read_parquet(studio.workspace.run_dir(each.run_id) / "parts.parquet")["part"].tolist()
    for each in (handle, continued)
)
both = studio.warm_start.comparison(retrained.run_id)
parent, grown, again = (each.best.facts for each in (handle, continued, retrained))
sentence = studio.warm_start.comparison(continued.run_id).sentence
assert re.search(r"the same \\d+ test rows the continued model scores .* Training took", sentence)
assert (both.before.id, both.continued.id, both.retrained.id) == (parent.id, grown.id, again.id)
assert grown.name.endswith("continued")
assert grown.form == "compiled"
assert after[: len(before)] == before
assert grown.test.n_rows == again.test.n_rows > before.count(2)
assert f"litmus_core.continue_training(\\n    {parent.id!r}" in continued.code
row = pd.read_csv("sample_data/penguins.csv").iloc[0].drop("species").to_dict()
bundle = litmus_core.load_bundle(continued.best.export("grown.zip").path)
assert bundle.predict([row])[0] in ("Adelie", "Chinstrap", "Gentoo")
""",
    "docs/guides/custom-models.md": """
assert handle.leaderboard().set_index("name").loc["NearestMean", "validation"] > 0.5
""",
    "docs/guides/frame.md": """
assert made.equals(plan.of(rows))
assert fitted.of(rows).equals(made)
assert str(plan.explain(rows)).startswith("3 rows as polars run on the columns layout, which should be")
assert pl.read_parquet("ready.parquet")["title"].to_list() == ["lamp", None]
""",
    "docs/guides/metrics.md": """
bar = handle.experiment.task.bar
assert (handle.experiment.task.metric, bar.value) == ("coverage_at_precision(precision=0.9)", 0.5)
""",
    "docs/guides/post-processing.md": """
studio = handle.studio
steps = [
    {part.reference for candidate in studio.candidates.list(row["id"]) for part in candidate.postprocess}
    for row in studio.store.query("SELECT id FROM runs ORDER BY queued_at DESC LIMIT 2")
]
assert steps[1] == {"rule", "abstain"}
assert handle.best.facts.name.endswith(", then NoCheaperThan and round")
""",
    "docs/guides/pre-processing.md": """
assert (handle.leaderboard()["validation"] > 0.5).all()
""",
    "docs/guides/python.md": """
from pathlib import Path

board = handles.leaderboard()
assert [handle.run.title for handle in handles] == ["linear", "forest + forest (n_estimators=30)"]
assert Path("penguins.zip").exists()
assert {"Random forest", "Random forest: n_estimators=30"} <= set(board["name"])
assert board["validation log_loss"].notna().all()
board = grid.leaderboard()
chosen = board[board["chosen"]]
plans = [handle.run.plan for handle in grid]
assert [plan.families for plan in plans] == [("linear",), (), ("linear",), ()]
assert [plan.folds.repeats for plan in plans] == [2, 2, 1, 1]
assert len(chosen) == 4
assert (chosen["validation accuracy"] > 0.6).all()
assert chosen["test log_loss"].notna().all()
assert "Fast boosted trees (LightGBM): learning_rate=0.1, num_leaves=15" in grid._repr_html_()
""",
    "docs/guides/recipes.md": """
studio = handle.studio
first, *_ = studio.runs.list(handle.experiment.id)
assert (first.plan.families, first.plan.compute.time_limit_s) == (("linear",), 18.0)
assert end.message
place, *_ = studio.recipes.walk(end.experiment_id).places
assert (place.step.number, place.step.title, place.state) == (1, "A linear model", "done")
""",
    "docs/guides/tuning.md": """
first, *_ = handle.studio.store.query("SELECT state FROM trials WHERE number = 0 AND algorithm = 'linear'")
assert first["state"] == "finished"
trials = handle.studio.tuning.trials(handle.run_id)
assert [each.name for each in trials[1].settings] == ["learning_rate", "num_leaves", "extra_trees"]
""",
    "docs/guides/verdicts.md": """
bar = handle.experiment.task.bar
assert (bar.metric, bar.op, bar.value) == ("accuracy", ">=", 0.97)
assert 0 <= verdict.probability_passes <= 1
""",
}
