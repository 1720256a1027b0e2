from app.components import heading
from app.controllers import targets

heading("Many targets", "Which tags belong to it?")
targets.draw()
