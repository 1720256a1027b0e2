from app.components import heading
from app.controllers import handoffs

heading(
    "Hand-offs",
    "Questions from people who got stuck, with what they tried. They start your answer with one click.",
)
handoffs.draw()
