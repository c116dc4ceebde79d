"""The names under which plugins of earlier builds find `calsight.kit.signins` and `calsight.kit.browser`."""

from calsight.kit.browser import has_browser
from calsight.kit.signins import SignIns

__all__ = ["SignIns", "has_browser"]
