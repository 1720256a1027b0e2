"""Hand-offs: the context of a question to a scientist, as text and as a folder."""

from litmus_core.handoffs._folder import read_context, write_answer, write_folder, zip_of
from litmus_core.handoffs._telling import tell

__all__ = ["read_context", "tell", "write_answer", "write_folder", "zip_of"]
