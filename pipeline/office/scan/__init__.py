"""Reading of bitmaps: what runs in the confined child process (`python -m pipeline.office.scan.child`).

Needs the `ocr` extra. Nothing here is imported by the rest of the program, which talks to the child in JSON.
"""
