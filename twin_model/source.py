"""Sources of cases: the six-in-one sensing sources (六位一体) and assessment, as rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaseSource:
    """One source of cases.

    Parameters
    ----------
    source_id : int
        Stored key.
    code : str
        Stable upper-case name, used in selections and mappings.
    name_zh, name_en : str
        Names on screen.
    proactive : bool
        True where a machine discovers the case (video, satellite, data).
    """

    source_id: int
    code: str
    name_zh: str
    name_en: str
    proactive: bool


DEFAULT_SOURCES = (
    CaseSource(1, "COLLECTOR", "信息采集员", "Inspectors", proactive=False),
    CaseSource(2, "VIDEO", "视频监控", "Video", proactive=True),
    CaseSource(3, "SATELLITE", "卫星遥感", "Satellite", proactive=True),
    CaseSource(4, "DUTY_EMERGENCY", "值守应急", "Duty desk", proactive=False),
    CaseSource(5, "PUBLIC", "公众", "Public", proactive=False),
    CaseSource(6, "DATA_IOT", "物联数据", "Data (IoT)", proactive=True),
    CaseSource(7, "ASSESSMENT", "考评上报", "Assessment", proactive=False),
    CaseSource(8, "OTHER", "其他", "Other", proactive=False),
)
"""Rows that a new store starts with; a further source is a further row."""
