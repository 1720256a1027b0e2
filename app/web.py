"""The pages' server: the app of ``main.py`` behind a guard against pages of other sites."""

from pathlib import Path

import streamlit as st
from streamlit import config

from litmus_core.serving import first_page_at, page_guard

# 'streamlit run' inspects this file and starts the app under this name.
app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[first_page_at("/home")],
    middleware=[page_guard(config.get_option("server.allowedHosts"))],
)
