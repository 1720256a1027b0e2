"""Hand-offs: what goes along with a question to a scientist, in words and as a folder."""

from litmus_core.handoffs._folder import CONTEXT_FILE, read_context, write_answer, write_folder, zip_of
from litmus_core.handoffs._telling import tell

__all__ = ["CONTEXT_FILE", "read_context", "tell", "write_answer", "write_folder", "zip_of"]
