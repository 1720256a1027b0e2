from app.components import heading
from app.controllers import forecast

heading("Forecast", "How many will I sell next month?")
forecast.draw()
