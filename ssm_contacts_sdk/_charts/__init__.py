"""Charts of lanes and bars over time, as SVG and as text. They do not depend on on-call."""
