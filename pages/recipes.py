from app import authoring
from app.components import heading

heading(
    "Recipes",
    "Prepared once, followed by many: what to try, when it is worth it, and the knobs that others may turn.",
)
authoring.draw(authoring.section())
