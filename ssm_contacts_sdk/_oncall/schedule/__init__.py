"""The shifts of a rotation, calculated from its description.

A *hand-off* is an instant at which one shift ends and the next one begins. A *shift* is an
interval with the people who are on call in it. Shifts are counted from the start of the rotation:
the number of a shift is its *turn*, and decides whose it is. Coverage and overrides cut shifts into
*segments*, which are the shifts that users see.
"""
