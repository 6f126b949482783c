"""Disposable workers: the only processes that open what came in."""
