from app import room, sections, services, state
from app.components import heading, stepper

hand = services.in_hand()
stepper("data", done=services.steps_done(hand), **hand.ids)
if hand.dataset is None or state.is_adding():
    sections.arrival(hand)
else:
    heading("Data")
    here = room.Room(version=hand.dataset, target=room.target_of(hand))
    sections.chosen(sections.table(here), here)
