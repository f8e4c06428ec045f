"""The client's nouns, a room for each."""
