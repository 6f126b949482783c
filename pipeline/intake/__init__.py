"""How files come in: listed, settled, claimed, copied, answered."""
