from app import inbox
from app.components import heading

heading(
    "Hand-offs",
    "Questions of people who got stuck, with what they tried. What your answer brings starts by one click.",
)
inbox.draw()
