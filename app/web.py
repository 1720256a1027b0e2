"""The pages' server: the app of ``main.py`` behind a guard against other sites' pages."""

from pathlib import Path

import streamlit as st
from streamlit import config

from litmus_core.serving import page_guard

# Looked at by 'streamlit run', which starts what it finds under this name.
app = st.App(
    Path(__file__).with_name("main.py"), middleware=[page_guard(config.get_option("server.allowedHosts"))]
)
