from app import services, state
from app.components import heading, stepper
from app.controllers import data, data_checks

selection = services.selection()
stepper("data", done=services.steps_done(selection), **selection.ids)
if selection.dataset is None or state.is_adding():
    data.import_page(selection)
else:
    heading("Data")
    shown = data_checks.TableInspection(version=selection.dataset, target=data_checks.target_of(selection))
    data.chosen(data.table(shown), shown)
