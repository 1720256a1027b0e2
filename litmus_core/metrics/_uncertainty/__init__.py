"""How sure a score is: intervals, differences of two models, and the luck of the best."""
