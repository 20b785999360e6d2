"""What codes of a table probably mean, by which a draft of a mapping guesses, and what it lacks."""

from __future__ import annotations

from tocsin.schema.mapping import MappingFile
from tocsin.schema.vocabulary.folding import HEADINGS

_HINTS = {
    "event_type": {
        "one-sided": "against civilians|attack on civilians|attacks on civilians|civilian attack"
        "|massacre|massacra|contra civis|contra a populacao|a civis|contre les civils"
        "|contre civils|contre des civils|contre la population"
        "|contra civiles|contra la poblacion|مدنيين",
        "non-state": "communal|intercommunal|intercommunautaire|between groups|entre grupos"
        "|between armed groups|entre groupes|entre communautes",
        "state-based": "battle with army|against government forces|with the army|avec l armee"
        "|contre l armee"
        "|forces de defense|con el ejercito",
    },
    "target": {
        "security forces": "police|army|military|security|soldier|armee|militaire|gendarm|ejercito"
        "|policia|الجيش|الشرطة|exercito|forcas armadas|forcas de defesa|forcas de seguranca"
        "|forca local|fadm|fardc|cafgu|afp|pnp|samim|forces armees|fuerzas armadas",
        "civilians": "civilian|civil|civis|villager|population|poblacion|populacao|مدني",
        "government": "government|official|gouvernement|gobierno|حكوم",
        "armed group": "rebel|militia|armed group|groupe arme|grupo armado|مسلح",
        "business": "business|company|bank|entreprise|empresa|market|marche|mercado|شركة",
        "media": "journalist|media|press|prensa|صحف",
        "education": "school|education|ecole|universit|escuela|مدرس",
        "health": "hospital|health|clinic|hopital|مستشف",
        "religious site": "mosque|church|religious|mosquee|eglise|iglesia|مسجد|كنيس",
        "infrastructure": "infrastructure|power|water|pipeline|electric|telecom|بنية",
    },
}  # fmt: skip


def guess_code(field: str, value: str) -> str | None:
    """Guess what a code means.

    Args:
        field: 'event_type' or 'target'.
        value: the code, as the table has it.

    Returns:
        A value of the field; None where no word of the code is known.

    >>> guess_code("target", "École primaire"), guess_code("event_type", "X7")
    ('education', None)
    >>> guess_code("target", "Forças Armadas de Defesa"), guess_code("target", "Civis")
    ('security forces', 'civilians')
    """
    words = HEADINGS.fold(value)
    for meant, hints in _HINTS[field].items():
        if any(HEADINGS.fold(hint) in words for hint in hints.split("|")):
            return meant
    return None


def lacks_target(mapping: MappingFile) -> str | None:
    """Say what a log loses that names one party, tells in words what happened, and not to whom.

    Without `target` nobody knows whether the party did it or was struck, so that a class of which
    words tell is nobody's (`assess.technology.candidates`). Kinds of events would tell it as well.

    Args:
        mapping: how the log is read.

    Returns:
        A sentence for who reads the log in; None where nothing is lost.
    """
    given = {*mapping.columns, *(k for k, one in mapping.constants if one is not None)}
    kinds = "event_type" in mapping.columns or mapping.constants.event_type != "other"
    told = {"headline", "notes"} & set(mapping.columns)
    if "actor_a" not in mapping.columns or {"actor_b", "target"} & given or kinds or not told:
        return None
    return (
        f"No column says what was harmed: whether '{mapping.columns['actor_a']}' did it or was "
        "struck is then not known, and a technology class of which words tell counts as its own "
        "only where words name it. Map such a column to 'target', or the kind of event to "
        "'event_type'."
    )
