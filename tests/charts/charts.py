"""Strategies for charts with any content, and a simple chart."""

from __future__ import annotations

from hypothesis import strategies as st

from ssm_contacts_sdk._charts.chart import Bar, Chart, Key, Lane, Line, Mark, Sample, Tick

texts = st.text(max_size=40)
places = st.floats(-5, 15)
bars = st.builds(
    Bar,
    start=places,
    end=places,
    text=texts,
    labels=st.lists(texts, max_size=2).map(tuple),
    key=st.sampled_from([None, "a", "b"]),
    style=st.sampled_from(["plain", "striped", "gap", "quiet", "shade", "hollow"]),
    row=st.integers(0, 1),
)
marks = st.builds(
    Mark,
    at=places,
    text=texts,
    label=texts,
    shape=st.sampled_from(["dot", "ring", "cross"]),
    row=st.integers(0, 1),
)
lanes = st.builds(
    Lane,
    name=texts,
    detail=texts,
    rows=st.just(2),
    bars=st.lists(bars, max_size=4).map(tuple),
    marks=st.lists(marks, max_size=4).map(tuple),
)
charts = st.builds(
    Chart,
    title=texts,
    description=st.lists(texts, max_size=2).map(tuple),
    start=st.just(0.0),
    end=st.just(10.0),
    lanes=st.lists(lanes, max_size=3).map(tuple),
    lines=st.lists(st.builds(Line, at=places, label=texts), max_size=3).map(tuple),
    ticks=st.lists(
        st.builds(Tick, at=places, label=texts, until=st.none() | places, is_major=st.booleans()),
        max_size=3,
    ).map(tuple),
    axis=texts,
    keys=st.lists(st.builds(Key, key=st.sampled_from("ab"), name=texts), max_size=2).map(tuple),
    samples=st.lists(
        st.builds(
            Sample,
            style=st.sampled_from(["striped", "gap", "quiet", "hollow", "dot", "ring", "cross"]),
            text=texts,
        ),
        max_size=2,
    ).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
    period=st.none() | st.floats(0.01, 100),
)
A_BAR = Bar(start=2, end=8, text="Akua: all day", labels=("Akua",), key="a")
A_CHART = Chart(
    title="On call",
    start=0,
    end=10,
    lanes=(Lane(name="web", bars=(A_BAR,)),),
    keys=(Key(key="a", name="Akua Mansa"),),
)
