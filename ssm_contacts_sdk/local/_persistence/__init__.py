"""The state of the embedded service in snapshots and files."""
