from __future__ import annotations

# They are read by type checkers, in test_typing.py, which runs the right ones too.
collect_ignore = ["right_plans.py", "wrong_plans.py"]
