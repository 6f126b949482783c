"""Every SQL statement, the journal, and the one way to put a file where others see it."""
