"""The Streamlit app: pages read, presenters phrase, views draw. Never shipped in the wheel."""
