"""The entry script of the app, which ``web.py`` serves."""

import streamlit as st

from app import navigation, network_access, theme
from app.controllers import trust
from app.errors import guard
from app.services import tab_title

page = navigation.build()
st.set_page_config(page_icon=str(theme.ICON), layout="wide")
theme.apply()
try:
    with guard(is_page=True):
        network_access.check()
        st.set_page_config(page_title=tab_title(page.title, page.url_path))
        trust.ask_about_trust()
        page.run()
finally:  # last, so that its links have the page's selection, even if the page fails
    navigation.draw_sidebar()
