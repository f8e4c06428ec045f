"""Who is on call, and who is paged when: pure calculation on values."""
