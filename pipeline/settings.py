"""What an office may set: pipeline.toml as frozen values, with the defaults of domain_rules §8."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one submitted file may ask of the machine. Bytes, counts and seconds."""

    file_bytes: int = 20 * 1024 * 1024
    members: int = 2_000
    member_bytes: int = 64 * 1024 * 1024
    total_bytes: int = 200 * 1024 * 1024
    ratio: int = 100
    ratio_free_bytes: int = 20 * 1024 * 1024
    cells: int = 2_000_000
    rows: int = 200_000
    columns: int = 512
    sheets: int = 50
    empty_rows: int = 1_000
    seconds: int = 60
    memory_bytes: int = 1024 * 1024 * 1024
