"""The resources of a client: one module each, with the declarations of its operations."""
