"""Work on several processes or machines, by Ray: where it runs, what it needs, and pieces done one by one."""

from litmus_core.cluster._pieces import Piece, remove_halves
from litmus_core.cluster._places import HERE, Place, place_of
from litmus_core.cluster._processors import n_threads
from litmus_core.cluster._running import Node, check_place, nodes, running
from litmus_core.cluster._tasks import Asking, Needs, each

__all__ = [
    "HERE",
    "Asking",
    "Needs",
    "Node",
    "Piece",
    "Place",
    "check_place",
    "each",
    "n_threads",
    "nodes",
    "place_of",
    "remove_halves",
    "running",
]
