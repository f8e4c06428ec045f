"""Lanes, bars and marks along a line of time, drawn as SVG and as text."""
