"""Every file format, behind one door: safe opening, reading, marking, filling, converting."""
