"""What people receive: feedback, letters, tables, the state of things. Values in, `office` writes."""
