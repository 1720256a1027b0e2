"""An eleventh draw: columns by another person, from memory of more than 40 files in 20 languages.

Of banks (Revolut, HDFC, DKB, CaixaBank, PKO BP, KlikBCA …), estate agents (idealista, SeLoger, funda …),
shops, YouTube and other counts in eight languages, laboratories, weather services, sports, GitHub Actions,
webpack, iperf3 and benchstat. Its author says that it is harder than files at large are.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks._number_draws import read_draw

ELEVENTH = read_draw(Path(__file__).with_suffix(".json"))
