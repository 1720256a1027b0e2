from app.components import heading
from app.controllers import plugins

heading(
    "Plug-ins",
    "Your own code can take part in every step. What is trusted and keeps its word is offered to everyone.",
)
plugins.draw(plugins.section())
