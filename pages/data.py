from app import services, state
from app.components import heading, stepper
from app.controllers import data, data_checks

hand = services.in_hand()
stepper("data", done=services.steps_done(hand), **hand.ids)
if hand.dataset is None or state.is_adding():
    data.arrival(hand)
else:
    heading("Data")
    here = data_checks.DataRoom(version=hand.dataset, target=data_checks.target_of(hand))
    data.chosen(data.table(here), here)
