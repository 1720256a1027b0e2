"""What is downloaded from a page executes nothing in a spreadsheet."""

from __future__ import annotations

import pandas as pd

from app.downloads import csv_bytes


def test_formulas_in_cells_and_names_become_texts_and_numbers_stay():
    frame = pd.DataFrame(
        {"=cmd": ["=1+1", "@home", None], "size": [-1.5, 2.0, None], "ok": ["a", "-3", "+4 %"]}
    )
    lines = csv_bytes(frame).decode("utf-8-sig").splitlines()
    assert lines == ["'=cmd,size,ok", "'=1+1,-1.5,a", "'@home,2.0,-3", ",,+4 %"]
