"""The offices' own rules as pure functions: workdays, time limits, rectification."""
