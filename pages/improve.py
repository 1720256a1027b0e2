from app import findings, improving, services
from app.components import stepper
from app.views.nothing_yet import draw_nothing_yet

hand = services.in_hand()
stepper("improve", done=services.steps_done(hand), **hand.ids)
experiment = hand.experiment
run = None if experiment is None else improving.run_to_improve(experiment)
if experiment is None or run is None:
    is_live = experiment is not None and improving.is_live(experiment)
    draw_nothing_yet("improve", findings.nothing_yet(hand, is_live=is_live), hand.ids)
    if experiment is not None:
        improving.draw_recipe_first(experiment)
else:
    improving.draw(experiment, run)
