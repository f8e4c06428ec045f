"""Shifts, as they follow from a rotation."""
