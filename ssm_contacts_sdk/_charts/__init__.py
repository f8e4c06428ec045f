"""Charts of lanes and bars over time, as SVG and as text. They know nothing of on-call."""
