"""Drawing: each view draws the frozen data it is given and returns the visitor's wish."""
