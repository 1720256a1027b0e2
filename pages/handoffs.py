from app.components import heading
from app.controllers import handoffs

heading(
    "Hand-offs",
    "Questions of people who got stuck, with what they tried. What your answer brings starts by one click.",
)
handoffs.draw()
