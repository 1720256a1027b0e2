"""Files as bytes: put into one folder by many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from litmus_core.engine._remote.archive import pack, unpack

_AT_ONCE, _ROUNDS = 8, 40


def test_what_was_packed_is_put_where_others_put_their_own_at_the_same_time(tmp_path: Path) -> None:
    packed = []
    for name in map(str, range(_AT_ONCE)):
        model = tmp_path / "from" / "models" / name / "parts"
        model.mkdir(parents=True)
        (model / "weights").write_text(name)
        packed.append(pack(tmp_path / "from", [f"models/{name}", "not there"]))
    begin = Barrier(_AT_ONCE)

    def put(at: int, to: Path) -> str:
        begin.wait()
        unpack(packed[at], to)
        return (to / "models" / str(at) / "parts" / "weights").read_text()

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for turn in range(_ROUNDS):  # the folder "models" is nobody's own: each turn all find it missing
            to = tmp_path / f"to {turn}"
            found = threads.map(put, range(_AT_ONCE), [to] * _AT_ONCE)
            assert list(found) == list(map(str, range(_AT_ONCE)))
