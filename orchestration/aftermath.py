"""What follows every night, published, held or failed: its report, and the one message about it.

Here: the order, and that nothing of it can fail a night. Not here: the facts (`night_report`), the page
(`night_report_page`), the message (`alerts`).
"""

from __future__ import annotations

from orchestration import alerts, night_report, night_report_page
from orchestration.journal import Journal, NightRecord
from warehouse.home import Home
from warehouse.settings import read_settings


def conclude(home: Home, journal: Journal) -> None:
    """Write the report and send the message of a night whose record has ended; what fails becomes a remark."""
    try:
        report = night_report.night_report(home, journal.record)
        journal.record.report_file = night_report_page.write_report(home, report)
    except Exception as error:
        journal.remark(f"报告未写出 no report: {type(error).__name__}: {error}")
    tell(home, journal.record)
    journal.save()


def tell(home: Home, record: NightRecord) -> None:
    """Send the message of a night; a channel that fails becomes a remark of its record."""
    try:
        record.remarks += alerts.send(home, read_settings(home), alerts.message(record))
    except Exception as error:
        record.remarks.append(f"消息未发出 no message: {type(error).__name__}: {error}")
