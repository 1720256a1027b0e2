from app.components import heading
from app.controllers import recipes

heading(
    "Recipes",
    "Prepared once, followed by many: what to try, when it is worth it, and the knobs that others may turn.",
)
recipes.draw(recipes.section())
