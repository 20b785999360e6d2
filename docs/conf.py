"""How the documents become a site: Markdown by MyST, the reference from docstrings, offline."""

from __future__ import annotations

from inspect import cleandoc

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.nodes import nested_parse_with_titles

import tocsin

project = "tocsin"
author = "The tocsin maintainers"
copyright = "the tocsin maintainers, Apache-2.0"
release = version = tocsin.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build"]
root_doc = "index"

# Documents link to files of the repository (tests, data), which are no pages of the site.
suppress_warnings = ["myst.xref_missing", "myst.header", "misc.highlighting_failure"]
myst_heading_anchors = 3
myst_enable_extensions = ["deflist", "colon_fence"]

# Docstrings write code in single backticks, and sections (Args, Returns, Raises) as Google does.
default_role = "code"
napoleon_numpy_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = "tocsin"
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5c8a", "color-brand-content": "#0b5c8a"},
    "dark_css_variables": {"color-brand-primary": "#7cc4f0", "color-brand-content": "#7cc4f0"},
}


class Tables(Directive):
    """Every table that is declared in `tocsin.schema`, with its columns, units and meanings."""

    def run(self) -> list[nodes.Node]:
        from tocsin.schema import STAGE_TABLES, TABLES

        lines: list[str] = []
        for stage, names in STAGE_TABLES.items():
            if names:
                lines += [f"Written by {stage}", "-" * 40, ""]
            for name in names:
                model = TABLES[name]
                lines += [name, "^" * len(name), "", cleandoc(model.__doc__ or ""), ""]
                lines += [".. list-table::", "   :header-rows: 1", "   :widths: 20 12 68", ""]
                lines += ["   * - column", "     - type", "     - meaning"]
                for column, declared in model.to_schema().columns.items():
                    unit = (declared.metadata or {}).get("unit")
                    meaning = (declared.description or "") + (f" ({unit})" if unit else "")
                    empty = ", may be empty" if declared.nullable else ""
                    lines += [f"   * - ``{column}``", f"     - {declared.dtype}{empty}"]
                    lines += [f"     - {meaning}"]
                lines.append("")
        found = nodes.section()
        found.document = self.state.document
        parsed = StringList(lines, source="tocsin.schema")
        nested_parse_with_titles(self.state, parsed, found)
        return list(found.children)


def setup(app: Sphinx) -> None:
    """Make the directive known to Sphinx."""
    app.add_directive("tables", Tables)
