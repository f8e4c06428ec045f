from __future__ import annotations

# Type checkers read these files in test_typing.py, which also runs the right ones.
collect_ignore = ["right_plans.py", "wrong_plans.py"]
