"""Reads untidy agency tables, explains every row, and loads them into a draft release."""

from data_access.importing.inspecting import inspect
from data_access.importing.loading import load
from data_access.importing.problems import ImportRefused, Problem
from data_access.importing.report import FileReport, LoadReport, SheetReport
from data_access.importing.templates import template_bytes, write_template
from data_access.importing.words import report_text
from data_access.importing.workbook import report_bytes, write_report

__all__ = [
    "FileReport",
    "ImportRefused",
    "LoadReport",
    "Problem",
    "SheetReport",
    "inspect",
    "load",
    "report_bytes",
    "report_text",
    "template_bytes",
    "write_report",
    "write_template",
]
