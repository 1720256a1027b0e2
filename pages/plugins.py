from app import plugging
from app.components import heading

heading(
    "Plug-ins",
    "Your own code can take part in every step. What is trusted and keeps its word is offered to everyone.",
)
plugging.draw(plugging.section())
