"""Exclusive prefix sums of a raster's rows, as machine code."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from scoring.engine.compiled import COMPILE
from scoring.engine.geodesy import FloatArray


@njit(**COMPILE)
def prefix_sums(
    stored: npt.NDArray[Any], nodata: float, factor: FloatArray, start: int, out: FloatArray
) -> int:
    """Write exclusive prefix sums of each row's persons to ``out``; return the cells without data.

    stored: the raster's numbers, [rows, n], standing from column ``start`` of ``out`` on,
    float64[rows, columns + 1]; factor: persons for each unit of a row. No data is: ``nodata``, nan,
    infinite or negative.
    """
    rows, columns = stored.shape
    missing = 0
    end = start + columns
    for r in range(0, rows, 4):
        a, b, c, d = r, min(r + 1, rows - 1), min(r + 2, rows - 1), min(r + 3, rows - 1)
        sum_a = sum_b = sum_c = sum_d = 0.0
        for j in range(start + 1):
            out[a, j] = out[b, j] = out[c, j] = out[d, j] = 0.0
        for j in range(columns):
            v_a, v_b = np.float64(stored[a, j]), np.float64(stored[b, j])
            v_c, v_d = np.float64(stored[c, j]), np.float64(stored[d, j])
            sum_a += v_a * factor[a] if has_data(v_a, nodata) else 0.0
            sum_b += v_b * factor[b] if has_data(v_b, nodata) else 0.0
            sum_c += v_c * factor[c] if has_data(v_c, nodata) else 0.0
            sum_d += v_d * factor[d] if has_data(v_d, nodata) else 0.0
            at = start + j + 1
            out[d, at], out[c, at], out[b, at], out[a, at] = sum_d, sum_c, sum_b, sum_a
            missing += not (
                has_data(v_a, nodata)
                and has_data(v_b, nodata)
                and has_data(v_c, nodata)
                and has_data(v_d, nodata)
            )
        out[a, end + 1 :], out[b, end + 1 :] = sum_a, sum_b
        out[c, end + 1 :], out[d, end + 1 :] = sum_c, sum_d
    return missing


@njit(inline="always", **COMPILE)
def has_data(value: float, nodata: float) -> bool:
    """Tell whether a cell's number is one of persons."""
    return 0.0 <= value < math.inf and value != nodata


@njit(**COMPILE)
def missing_sums(stored: npt.NDArray[Any], nodata: float, start: int, out: FloatArray) -> None:
    """Write to ``out`` what ``prefix_sums`` does, with one person in every cell without data."""
    rows, columns = stored.shape
    for r in range(rows):
        out[r, : start + 1] = 0.0
        total = 0.0
        for j in range(columns):
            total += 0.0 if has_data(np.float64(stored[r, j]), nodata) else 1.0
            out[r, start + j + 1] = total
        out[r, start + columns + 1 :] = total
