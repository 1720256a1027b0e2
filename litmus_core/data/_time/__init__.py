"""Time in tables: calendars over several columns, timestamps as numbers, and texts in time order."""
