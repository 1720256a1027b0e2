"""Work on several processes or machines, by Ray: where it runs, what it needs, and pieces of files."""

from litmus_core.cluster._board import RunningTask, TaskBoard, TaskState, board_in, read_board
from litmus_core.cluster._connection import check_place, has_ray, running
from litmus_core.cluster._machines import Machine, inspect_machine, machines
from litmus_core.cluster._pieces import Piece, remove_halves
from litmus_core.cluster._places import HERE, Place, place_of
from litmus_core.cluster._processors import n_processors, n_threads
from litmus_core.cluster._tasks import Needs, TaskRunner, map_pieces

__all__ = [
    "HERE",
    "Machine",
    "Needs",
    "Piece",
    "Place",
    "RunningTask",
    "TaskBoard",
    "TaskRunner",
    "TaskState",
    "board_in",
    "check_place",
    "has_ray",
    "inspect_machine",
    "machines",
    "map_pieces",
    "n_processors",
    "n_threads",
    "place_of",
    "read_board",
    "remove_halves",
    "running",
]
