"""Every limit and threshold of the importer, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What the importer accepts. Sizes in bytes, the rest are counts or shares.

    Text files above `held_bytes` or `cells`, and Parquet files and tables of databases above `held_rows`, are read a block at a time
    (`streams`); `odd_rows` of their rows may not be plain. XLS, ODS and Parquet files, and XLSX files above `own_bytes`, are read by a process of their
    own (`apart`), which may take `memory` or `memory_ratio` times the file, and `seconds` of a core or one for each megabyte.
    """

    file_bytes: int = 200 * 1024**2
    held_bytes: int = 32 * 1024**2
    held_rows: int = 150_000
    streamed_bytes: int = 16 * 1024**3
    beginning_bytes: int = 512 * 1024
    beginning_rows: int = 2_000
    block_bytes: int = 8 * 1024**2
    block_rows: int = 50_000
    odd_rows: int = 1_000
    own_bytes: int = 1024**2
    memory: int = 400 * 1024**2
    memory_ratio: int = 4
    seconds: int = 60
    unzipped_bytes: int = 160 * 1024**2
    unzipped_ratio: int = 200
    sheets: int = 60
    rows: int = 1_000_000
    columns: int = 1_000
    cells: int = 2_000_000  # of all sheets together; 150 to 200 bytes each by the time they have been checked
    texts: int = 200 * 1024**2  # letters of all cells of a workbook, in which many cells may share one
    separators: int = 200_000  # in one row of a text file
    header_rows: int = 10
    title_rows: int = 40
    same_problem: int = 200
    money_tolerance: float = 0.5
    relation_share: float = 0.75
    jump_ratio: float = 2.0
    jump_floor: float = 100.0
    mapping_score: float = 0.72
    place_certain: float = 1.0

    def memory_for(self, size: int) -> int:
        """Bytes that the process that reads a file of this size may take, beside its libraries."""
        return max(self.memory, self.memory_ratio * size)

    def seconds_for(self, size: int) -> int:
        """Seconds of a core that it may take."""
        return max(self.seconds, size // 1024**2)


LIMITS = Limits()
