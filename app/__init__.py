"""The Streamlit app: controllers read, presenters write the text, views draw. Not part of the wheel."""
