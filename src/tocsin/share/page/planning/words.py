"""The sentences of the page on portfolios, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tocsin.schema.tables.planned.parameter import parameter_label
from tocsin.schema.vocabulary.lever import LABELS
from tocsin.share.facts.words import Bound, round_known, write_minus
from tocsin.share.page.language import LANGUAGES, Words, read_words
from tocsin.share.page.nouns import Count
from tocsin.share.page.planning.facts import label_of

__all__ = ["LANGUAGES", "PlanWords"]

MARKS = dict.fromkeys((0x200E, 0x200F, 0x061C))
"""Marks of direction that a language's numbers bring along, to be taken out."""


class PlanWords(Words):
    """This holds the sentences of the page on portfolios in one language.

    Raises:
        UsageError: there is no such language.
        MissingExtra: Babel, of the extra `share`, is not installed.
    """

    PAGE = "planning"

    def amount(self, value: float, bound: Bound | None = None) -> Count:
        """Write a number with the digits that count, without noughts at their end.

        Args:
            value: any number.
            bound: what it claims, if it is a bound ('least' or 'most').
        """
        kept, decimals = round_known(value, bound)
        form = "#,##0." + "#" * decimals if decimals else "#,##0"
        numbers = self._format("numbers")
        said = write_minus(str(numbers.format_decimal(kept, format=form, locale=self.language)))
        # In a text from right to left the sign would stand behind its number.
        turns = self.direction == "rtl" and kept < 0
        shown = f"\u2066{said.translate(MARKS)}\u2069" if turns else said
        return Count(shown, kept, self.language)

    def decimals(self, value: float) -> str:
        """Write a number with three decimals, as scores are compared."""
        numbers = self._format("numbers")
        return write_minus(str(numbers.format_decimal(value, format="0.000", locale=self.language)))

    def chart_text(self, key: str, **told: Any) -> str:
        """Say a sentence for a chart: all of it runs in the direction of the language.

        Charts stand from left to right in all languages, which would put the parts of an Arabic
        sentence with a number or a mark in it in the wrong order (Unicode's isolates keep it).
        """
        lines = self.say(key, **told).split("\n")
        return "\n".join(f"\u2067{one}\u2069" if self.direction == "rtl" else one for one in lines)

    def portfolio(self, name: str) -> str:
        """The portfolio's name; those that ship have one in each language."""
        return self.word("portfolio_name", name)

    def outcome(self, name: str) -> str:
        """What people read of an outcome."""
        found = self.word("outcome_name", name)
        return label_of(name) if found == name else found

    def unit(self, unit: str) -> str:
        """The unit of an outcome or of a parameter."""
        found = self.word("unit_name", unit)
        return str(self._parameters("unit_name").get(unit, unit)) if found == unit else found

    def parameter(self, name: str) -> str:
        """What people read of a parameter; another package's has its own name."""
        return str(self._parameters("parameter_name").get(name, parameter_label(name)))

    def order(self, factor: float | None, better: float | None) -> str:
        """Say up to which factor an order is shown to hold, and if it is the one against it.

        Args:
            factor: as `comparisons` has it in `flips_at`; None: it is not known.
            better: the share of futures in which the first does better.
        """
        if factor is None or better is None:
            return "–"
        if factor <= 1:
            return self.say("order_unshown")
        said = self.amount(factor, "least")
        return self.say("order_worse", flip=said) if better < 0.5 else said

    def _parameters(self, group: str) -> Mapping[str, str]:
        """The names or the units of parameters in the language; English ones stand in `schema`."""
        found: Mapping[str, str] = read_words("parameters").get(self.language, {}).get(group, {})
        return found

    def limit(self, name: str) -> str:
        """Say a limit as `portfolio_parts` names it: 'budget', 'keep health', 'needs a beside b'.

        A limit that is not known, as another version may have it, stays as it is.
        """
        kind, _, rest = name.partition(" ")
        lever, _, other = rest.partition(" beside ")
        key = f"limit_{kind}"
        if key not in self._said:
            return name
        return self.say(key, lever=self.lever(lever), other=self.lever(other))

    def lever(self, name: str) -> str:
        """The label of a lever."""
        found = self.word("lever_name", name)
        return LABELS.get(name, name) if found == name else found
