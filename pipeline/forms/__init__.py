"""Two-way templates: finding labels, aligning fixed words, reading, writing, identifying. Pure, no I/O."""
