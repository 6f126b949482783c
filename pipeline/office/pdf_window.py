"""The part of the page that drawing is limited to (the clipping path), kept track of while a page is read.

Office programs limit a cell's text to the cell when it does not fit: what lies outside is in the file but not seen.
A window is the rectangle around the clipping path; one of another shape is taken for its surroundings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import apply_matrix_pt

if TYPE_CHECKING:
    from pdfminer.pdfinterp import PDFStackT
    from pdfminer.utils import Matrix

Window = tuple[float, float, float, float]
"""Left, low, right and high edge in the device's points, counted from the lower left corner."""


class WindowDevice(PDFLayoutAnalyzer):
    """A device that is told the window; None while nothing is hidden."""

    window: Window | None = None


class WindowInterpreter(PDFPageInterpreter):
    """Tells a `WindowDevice` what part of the page is drawn on."""

    def init_state(self, ctm: Matrix) -> None:
        """A page or a form begins with nothing saved."""
        super().init_state(ctm)
        self._saved: list[Window | None] = []

    @property
    def _device(self) -> WindowDevice:
        return cast("WindowDevice", self.device)

    def do_q(self) -> None:
        """Save."""
        super().do_q()
        self._saved.append(self._device.window)

    def do_Q(self) -> None:  # noqa: N802 - operators are named as in the format
        """Restore."""
        super().do_Q()
        if self._saved:
            self._device.window = self._saved.pop()

    def do_W(self) -> None:  # noqa: N802
        """Limit drawing to the path at hand."""
        self._narrow()

    def do_W_a(self) -> None:  # noqa: N802
        """The same by the other rule of what is inside."""
        self._narrow()

    def do_Do(self, xobjid_arg: PDFStackT) -> None:  # noqa: N802
        """A form's own limits end with it."""
        before = self._device.window
        super().do_Do(xobjid_arg)
        self._device.window = before

    def _narrow(self) -> None:
        ends = [(float(part[-2]), float(part[-1])) for part in self.curpath if len(part) > 2]
        if not ends:
            return
        points = [apply_matrix_pt(self.ctm, end) for end in ends]
        left, low = min(x for x, _ in points), min(y for _, y in points)
        right, high = max(x for x, _ in points), max(y for _, y in points)
        now = self._device.window
        if now is not None:
            left, low, right, high = max(left, now[0]), max(low, now[1]), min(right, now[2]), min(high, now[3])
        self._device.window = (left, low, max(left, right), max(low, high))
