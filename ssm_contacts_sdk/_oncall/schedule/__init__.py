"""The shifts of a rotation, calculated from its description.

A *hand-off* is an instant at which one turn ends and the next one begins. A *turn* is the time
between two hand-offs. Turns are counted from the start of the rotation, and belong to the members
in their order. A *shift* is an interval with the people who are on call in it: a turn, a segment
of a turn that coverage and overrides leave, or a segment of an override.
"""
