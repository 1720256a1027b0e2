"""The app's entry: ``streamlit run app/main.py``."""

import streamlit as st

from app import navigation, services, theme
from app.errors import guard

st.set_page_config(page_title="Litmus", page_icon=str(theme.ICON), layout="wide")
theme.apply()
page = navigation.build()
with guard():
    services.studio()
    navigation.draw_sidebar()
    page.run()
