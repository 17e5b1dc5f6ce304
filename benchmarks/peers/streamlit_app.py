"""The page in Streamlit, built as in its documentation: a script that runs again from the top at every move."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from benchmarks.peers import content

st.set_page_config(page_title=content.TITLE, layout="wide")
st.title(content.TITLE)
sliders, results = st.columns(2)
with sliders:
    values = {
        question.id: st.slider(question.text, question.low, question.high, question.value)
        for question in content.questions()
    }
reading = content.reading_of(content.answers() | values)
with results:
    st.plotly_chart(go.Figure(content.figure(reading)))
    st.markdown(content.numbered(reading))
