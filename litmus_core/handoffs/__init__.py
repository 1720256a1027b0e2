"""Hand-offs: the context of a question to a scientist, as text and as a folder."""

from litmus_core.handoffs._folder import read_context, write_answer, write_folder, zip_of
from litmus_core.handoffs._sections import handoff_sections

__all__ = ["handoff_sections", "read_context", "write_answer", "write_folder", "zip_of"]
