"""The shifts of a rotation, calculated from its description.

A *hand-off* is an instant at which one shift ends and the next one begins. A *shift* is an
interval with the people who are on call in it. A *turn* is a member's place in the order of the
rotation: shifts are counted from its start, and the number of a shift decides whose turn it is.
Coverage and overrides cut shifts into *segments*, which are the shifts that users see.
"""
