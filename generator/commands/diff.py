"""The command `diff`: what a change opens and closes, and who must act."""

import os
import sys
from datetime import date
from pathlib import Path

import click

from generator.commands.errors import FAILED, refusals
from generator.commands.options import fail_on, fails, site_url, today
from generator.commands.output import json_text
from generator.diff.compare import Catalogues, compare, compare_catalogues
from generator.diff.judge import judge
from generator.diff.model import Review
from generator.export import diff_json, github, junit, sarif
from generator.export.diff_markdown import markdown
from generator.export.diff_reported import of_review
from generator.export.diff_text import diff_text
from generator.export.reported import repository
from generator.policy import Severity
from generator.rules import looked_at
from generator.sides import Sides, read_sides

FORMATS = ("text", "json", "markdown", "html", "github", "sarif", "junit")
