from functools import partial

from app import services
from app.components import leak_notice, stepper
from app.controllers import ask_scientist, data_checks, decision, reports, results
from app.views.empty_state import draw_empty_state
from app.views.results.results import ResultsPage, draw_results

stepper("results", **(selection := services.selection()).ids, done=services.steps_done(selection))
if (experiment := selection.experiment) is None or (run := services.run_to_show(experiment)) is None:
    draw_empty_state("results", results.empty_results(selection), selection.ids)
else:
    view = results.results(experiment, run)
    leak_notice(data_checks.problems_of_task(experiment.task), dataset=experiment.task.dataset_version_id)
    page = ResultsPage(
        view=view,
        decision=decision.decision_panel(experiment, run, view),
        report=partial(reports.draw_report, experiment.id, experiment.name, run_id=run.id),
        continuing=partial(results.continuing, run, view),
        frontier=results.frontier(experiment, run),
        diagnosis=results.diagnosis(experiment, run),
        post=partial(results.post, view),
        faults=partial(results.faults, run),
        provenance=partial(results.open_provenance, run),
        what_if_form=partial(results.what_if_form, experiment, run, view),
        handoff_panel=ask_scientist.HandoffController(experiment),
        has_changed=partial(results.has_changed, run, view),
        reveal=results.reveal,
    )
    results.act(draw_results(page), experiment, run)
