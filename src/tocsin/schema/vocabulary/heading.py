"""What people call the columns of event files, in English, French, Spanish and Arabic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tocsin.schema.vocabulary.folding import HEADINGS

WORDS: dict[str, dict[str, str]] = {
    "id": {
        "en": "id|event id|incident id|report id|record id|uid|uuid|ref|reference|case id|key",
        "fr": "identifiant|id evenement|id de l evenement|no evenement|numero|ref incident",
        "es": "id evento|id del evento|identificador|numero de evento|codigo evento",
        "ar": "المعرف|رقم الحدث|الرقم|رقم",
    },
    "date": {
        "en": "date|event date|date start|start date|date of event|incident date|day|date occurred"
        "|event day|from date|date from",
        "fr": "date evenement|date de l evenement|date incident|jour|date debut|date de debut",
        "es": "fecha|fecha evento|fecha del evento|fecha del hecho|dia|fecha inicio"
        "|fecha de inicio",
        "ar": "التاريخ|تاريخ الحدث|تاريخ|اليوم|تاريخ البداية",
    },
    "date_end": {
        "en": "date end|end date|date to|until|to date",
        "fr": "date fin|date de fin",
        "es": "fecha fin|fecha de fin|fecha final",
        "ar": "تاريخ النهاية|تاريخ الانتهاء",
    },
    "country": {
        "en": "country|country name|iso3|iso|iso code|country code|nation|territory|state name",
        "fr": "pays|code pays",
        "es": "pais|codigo pais",
        "ar": "البلد|الدولة|بلد|دولة",
    },
    "adm1": {
        "en": "adm1|admin1|admin 1|province|governorate|state|region|department",
        "fr": "province|gouvernorat|departement|region|wilaya",
        "es": "provincia|departamento|estado|region",
        "ar": "المحافظة|محافظة|الولاية|الاقليم",
    },
    "adm2": {
        "en": "adm2|admin2|admin 2|district|county|municipality",
        "fr": "district|commune|cercle|municipalite",
        "es": "distrito|municipio|canton",
        "ar": "المنطقة|القضاء|المديرية|الناحية",
    },
    "place": {
        "en": "place|location|city|town|village|settlement|site|place name|location name"
        "|where coordinates",
        "fr": "lieu|ville|localite|village|endroit|nom du lieu",
        "es": "lugar|ciudad|localidad|pueblo|sitio|poblacion",
        "ar": "المكان|الموقع|المدينة|القرية|البلدة",
    },
    "latitude": {
        "en": "latitude|lat|y|gps lat|gps latitude|decimal latitude",
        "fr": "latitude",
        "es": "latitud",
        "ar": "خط العرض|دائرة العرض",
    },
    "longitude": {
        "en": "longitude|lon|lng|long|x|gps lon|gps longitude|decimal longitude",
        "fr": "longitude",
        "es": "longitud",
        "ar": "خط الطول",
    },
    "date_prec": {"en": "date precision|date prec|time precision"},
    "place_prec": {"en": "place precision|where prec|geo precision|location precision"},
    "category": {
        "en": "event type|type|category|kind|incident type|attack type|sub event type|class"
        "|type of event|event category",
        "fr": "type evenement|type d evenement|categorie|genre|type d incident|type",
        "es": "tipo|tipo de evento|tipo evento|categoria|clase|tipo de hecho",
        "ar": "نوع الحدث|النوع|نوع|الفئة|التصنيف",
    },
    "target": {
        "en": "target|target type|victim type|targeted|victims",
        "fr": "cible|type de cible|type de victime",
        "es": "objetivo|blanco|tipo de objetivo|tipo de victima",
        "ar": "الهدف|المستهدف|نوع الهدف",
    },
    "actor_a": {
        "en": "actor|actor1|actor 1|actor a|side a|perpetrator|perpetrators|group|armed group"
        "|attacker|group name|initiator",
        "fr": "acteur|acteur 1|auteur|groupe|groupe arme|auteurs|perpetrateur",
        "es": "actor|actor 1|autor|grupo|grupo armado|responsable|perpetrador",
        "ar": "الفاعل|الجهة الفاعلة|الطرف الاول|المنفذ|المجموعة",
    },
    "actor_b": {
        "en": "actor2|actor 2|actor b|side b|opponent|other side|second actor",
        "fr": "acteur 2|adversaire|partie b",
        "es": "actor 2|adversario|contraparte",
        "ar": "الطرف الثاني|الفاعل الثاني",
    },
    "deaths_best": {
        "en": "deaths|fatalities|killed|dead|death toll|best|nkill|number killed|casualties killed",
        "fr": "morts|deces|tues|nombre de morts|victimes mortelles",
        "es": "muertos|muertes|fallecidos|victimas mortales|numero de muertos",
        "ar": "القتلى|عدد القتلى|الوفيات|عدد الوفيات|الضحايا",
    },
    "deaths_low": {
        "en": "low|deaths low|low estimate|min deaths|deaths min|fatalities low",
        "fr": "morts min|minimum de morts",
        "es": "muertos minimo|minimo de muertos",
        "ar": "الحد الادنى للقتلى",
    },
    "deaths_high": {
        "en": "high|deaths high|high estimate|max deaths|deaths max|fatalities high",
        "fr": "morts max|maximum de morts",
        "es": "muertos maximo|maximo de muertos",
        "ar": "الحد الاقصى للقتلى",
    },
    "headline": {
        "en": "headline|title|summary|event title",
        "fr": "titre|resume",
        "es": "titulo|titular|resumen",
        "ar": "العنوان|الملخص",
    },
    "notes": {
        "en": "notes|description|details|narrative|comments|event description",
        "fr": "notes|description|details|commentaires|recit",
        "es": "notas|descripcion|detalles|observaciones|relato",
        "ar": "الوصف|الملاحظات|التفاصيل|ملاحظات",
    },
    "publisher": {
        "en": "source|sources|publisher|outlet|media|source office|reported by",
        "fr": "source|sources|media",
        "es": "fuente|fuentes|medio",
        "ar": "المصدر|مصدر|المصادر",
    },
    "n_sources": {"en": "number of sources|n sources|num sources", "fr": "nombre de sources",
                  "es": "numero de fuentes", "ar": "عدد المصادر"},
    "claim_actor": {
        "en": "claimed by|claim actor|group claiming|responsibility claimed by",
        "fr": "revendique par|revendication",
        "es": "reivindicado por|reivindicacion",
        "ar": "الجهة المتبنية|تبنى العملية",
    },
}  # fmt: skip
"""Field of a report to its names by language, without accents; the likeliest first."""

LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish", "ar": "Arabic"}


@dataclass(frozen=True)
class Spelling:
    """A field that a column's name may mean."""

    field: str
    language: str
    score: float
    """1 for the whole name, less where it is only a part of a longer one."""


def spelled(name: str) -> list[Spelling]:
    """The fields that a column's name may mean, the likeliest first.

    >>> [(s.field, s.language) for s in spelled("Fecha del evento")][:1]
    [('date', 'es')]
    >>> spelled("خط العرض")[0].field, spelled("Actor1")[0].field
    ('latitude', 'actor_a')
    """
    words = HEADINGS.fold(name)
    found: dict[str, Spelling] = {}
    for field, language, spelling, rank in _spellings():
        score = 0.0
        if words == spelling or words.replace(" ", "") == spelling.replace(" ", ""):
            score = 1.0 - 0.01 * rank
        elif len(spelling) > 3 and f" {spelling} " in f" {words} ":
            score = 0.6 * len(spelling) / len(words) + 0.2
        if score > found.get(field, Spelling(field, language, 0)).score:
            found[field] = Spelling(field, language, round(score, 3))
    return sorted(found.values(), key=lambda one: -one.score)


@cache
def _spellings() -> tuple[tuple[str, str, str, int], ...]:
    return tuple(
        (field, language, HEADINGS.fold(spelling), rank)
        for field, languages in WORDS.items()
        for language, spellings in languages.items()
        for rank, spelling in enumerate(spellings.split("|"))
    )
