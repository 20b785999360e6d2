"""Names of columns in five languages, as data sets write them, and of many meanings."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "id": {
        "data": "event id cnty|global event id|data id|rel id|row id|event key",
        "en": "id|event id|incident id|report id|record id|uid|uuid|ref|reference|case id|key",
        "fr": "identifiant|id evenement|id de l evenement|no evenement|numero|ref incident|n"
        "|n d ordre",
        "es": "id evento|id del evento|identificador|numero de evento|codigo evento",
        "pt": "identificador|numero do evento|codigo do evento|numero de ordem|n de ordem",
        "ar": "المعرف|رقم الحدث|الرقم|رقم",
        "vague": "identifier|code|no|nr|number|index",
    },
    "date": {
        "data": "sql date|report date|date of incident|timestamp|datetime|dt",
        "en": "date|event date|date of event|incident date|day|date occurred|event day",
        "fr": "date evenement|date de l evenement|date incident|date de l incident"
        "|date des faits|jour",
        "es": "fecha|fecha evento|fecha del evento|fecha del hecho|dia",
        "pt": "data do evento|data do incidente|data da ocorrencia|dia",
        "ar": "التاريخ|تاريخ الحدث|تاريخ|اليوم",
        "vague": "when|time|occurred|occurred on|dates|datum|data",
    },
    "date_start": {
        "data": "date of start|begin date|date begin|first day|date earliest|min date|date min"
        "|start day|event start|event start date|start time|date low|t0",
        "en": "date start|start date|from date|date from",
        "fr": "date debut|date de debut",
        "es": "fecha inicio|fecha de inicio",
        "pt": "data inicio|data de inicio|data inicial",
        "ar": "تاريخ البداية",
        "vague": "start|begin|from|earliest|debut",
    },
    "date_end": {
        "data": "date of end|last day|date latest|max date|date max|end day|event end"
        "|event end date|end time|date high|t1",
        "en": "date end|end date|date to|until|to date",
        "fr": "date fin|date de fin",
        "es": "fecha fin|fecha de fin|fecha final",
        "pt": "data fim|data de fim|data final",
        "ar": "تاريخ النهاية|تاريخ الانتهاء",
        "vague": "end|to|latest|fin|finish",
    },
    "year": {
        "data": "iyear|start year|year start",
        "en": "year|event year",
        "fr": "annee",
        "es": "ano",
        "pt": "ano",
        "ar": "السنة",
        "vague": "yr",
    },
    "month": {
        "data": "imonth|start month|month start",
        "en": "month|event month",
        "fr": "mois",
        "es": "mes",
        "pt": "mes",
        "ar": "الشهر",
        "vague": "mon",
    },
    "day": {
        "data": "iday|day start",
        "en": "day of month|month day",
        "vague": "dd",
    },
    "country": {
        "data": "action geo country code|gwno|country id|country txt|views country id"
        "|iso numeric|iso n3|m49",
        "en": "country|country name|iso3|iso|iso code|country code|nation|territory|state name",
        "fr": "pays|code pays",
        "es": "pais|codigo pais",
        "pt": "pais|codigo do pais|codigo pais",
        "ar": "البلد|الدولة|بلد|دولة",
    },
    "adm1": {
        "data": "adm1 name|admin1 name|prov state|region1|admin level 1|adm1 en"
        "|action geo adm1 code|first admin",
        "en": "adm1|admin1|admin 1|province|governorate|state|department",
        "fr": "province|gouvernorat|departement|region|wilaya",
        "es": "provincia|departamento|estado|region",
        "pt": "provincia|estado|regiao",
        "ar": "المحافظة|محافظة|الولاية|الاقليم",
        "vague": "adm|admin|admin name|prefecture",
    },
    "adm2": {
        "data": "adm2 name|admin2 name|admin level 2|adm2 en|lga|woreda|wereda|upazila|tehsil|taluk"
        "|payam|moughataa|sous prefecture",
        "en": "adm2|admin2|admin 2|district|county|municipality",
        "fr": "district|commune|cercle|municipalite",
        "es": "distrito|municipio|canton",
        "pt": "distrito|municipio|concelho",
        "ar": "المنطقة|القضاء|المديرية|الناحية",
        "vague": "subdistrict|sub prefecture",
    },
    "place": {
        "data": "action geo full name|place1|locname|loc name|placename|kebele|barangay|boma"
        "|mahalle|colline|fokontany|suco",
        "en": "place|location|city|town|village|settlement|site|place name|location name"
        "|where coordinates",
        "fr": "lieu|ville|localite|village|endroit|nom du lieu",
        "es": "lugar|ciudad|localidad|pueblo|sitio|poblacion",
        "pt": "lugar|localidade|cidade|aldeia|povoado|vila",
        "ar": "المكان|الموقع|المدينة|القرية|البلدة",
        "vague": "locality|local|loc|where|where description|area|geoname|toponym",
    },
    "latitude": {
        "data": "action geo lat|lat dd|y lat|geo lat|event lat|event latitude|centroid latitude",
        "en": "latitude|lat|y|gps lat|gps latitude|decimal latitude",
        "fr": "latitude",
        "es": "latitud",
        "pt": "latitude",
        "ar": "خط العرض|دائرة العرض",
        "vague": "y coord|coord y",
    },
    "longitude": {
        "data": "action geo long|lon dd|x long|geo lon|geo long|event lon|event long"
        "|event longitude|centroid longitude",
        "en": "longitude|lon|lng|long|x|gps lon|gps longitude|decimal longitude",
        "fr": "longitude",
        "es": "longitud",
        "pt": "longitude",
        "ar": "خط الطول",
        "vague": "x coord|coord x",
    },
    "date_prec": {
        "data": "dprec|day precision|date quality|date accuracy|time prec|precision date"
        "|precision time",
        "en": "date precision|date prec|time precision",
    },
    "place_prec": {
        "data": "place prec|geo prec|specificity|precision place|action geo type|location prec"
        "|place accuracy|geo accuracy|geo quality",
        "en": "place precision|where prec|geo precision|location precision",
    },
    "category": {
        "data": "type of violence|attack type1 txt|violence type|attack type1|event root code"
        "|event class|type code|disorder type|event code",
        "en": "event type|type|category|kind|incident type|attack type|sub event type|class"
        "|type of event|event category|type of incident|type of attack",
        "fr": "type evenement|type d evenement|categorie|genre|type d incident|type",
        "es": "tipo|tipo de evento|tipo evento|categoria|clase|tipo de hecho",
        "pt": "tipo|tipo de evento|tipo de incidente|tipo de ocorrencia|categoria",
        "ar": "نوع الحدث|النوع|نوع|الفئة|التصنيف",
        "vague": "violence|taxonomy",
    },
    "target": {
        "data": "targ type1 txt|targ|target name|target actor",
        "en": "target|target type|victim type|targeted|victims",
        "fr": "cible|type de cible|type de victime|cibles|cible victimes|cible victime|cible visee",
        "es": "objetivo|blanco|tipo de objetivo|tipo de victima|objetivo victimas"
        "|objetivo victima",
        "pt": "alvo|tipo de alvo|tipo de vitima|alvo vitimas|alvo vitima",
        "ar": "الهدف|المستهدف|نوع الهدف|الجهة المستهدفة|المستهدفون",
        "vague": "victim",
    },
    "actor_a": {
        "data": "perp|gname|actor1 name|perp name|actor a name|side a name|party a|party 1"
        "|side 1|source actor|perpetrator 1",
        "en": "actor|actor1|actor 1|actor a|side a|perpetrator|perpetrators|group|armed group"
        "|attacker|group name|initiator|who did it|armed actor|alleged perpetrator"
        "|suspected perpetrator|primary actor|initiating actor|reported perpetrator name|main actor"
        "|actor name|armed groups",
        "fr": "acteur|acteur 1|auteur|groupe|groupe arme|auteurs|perpetrateur|auteur presume"
        "|auteurs presumes",
        "es": "actor|actor 1|autor|grupo|grupo armado|responsable|perpetrador",
        "pt": "ator|ator 1|autor|autor presumido|presumivel autor|grupo|grupo armado|perpetrador",
        "ar": "الفاعل|الجهة الفاعلة|الطرف الاول|المنفذ|المجموعة",
        "vague": "who|aggressor|organisation|organization",
    },
    "actor_b": {
        "data": "actor2 name|actor b name|side b name|party b|party 2|side 2|opponent 1",
        "en": "actor2|actor 2|actor b|side b|opponent|other side|second actor|other party"
        "|opposing side|opposing party|second party|target other party",
        "fr": "acteur 2|adversaire|partie b|autre partie|partie adverse|autre acteur"
        "|deuxieme acteur|second acteur|cible autre partie",
        "es": "actor 2|adversario|contraparte|otra parte|parte contraria|segundo actor"
        "|objetivo otra parte",
        "pt": "ator 2|adversario|segundo ator|outra parte|parte contraria",
        "ar": "الطرف الثاني|الفاعل الثاني|الطرف الاخر|الطرف المقابل|الخصم",
        "vague": "defender|against|recipient|other group",
    },
    "deaths_best": {
        "data": "deaths best|best estimate|deaths best estimate|fatalities best|best deaths"
        "|deaths total|total deaths|num killed|best est|n deaths|n killed|death count"
        "|fatality count|killed total|total killed|total fatalities|fatalities total|ndeath|ndeaths"
        "|deaths number|kia",
        "en": "deaths|fatalities|killed|dead|death toll|best|nkill|number killed|casualties killed"
        "|people killed|persons killed|number of deaths|number of fatalities|number of killed|died"
        "|number dead|no of deaths|num dead|lives lost",
        "fr": "morts|deces|tues|tuees|personnes tuees|nombre de morts|victimes mortelles|nb tues"
        "|nb morts|nombre de tues|nombre tues|nb de morts",
        "es": "muertos|muertes|fallecidos|victimas mortales|numero de muertos|murieron|muertas"
        "|personas fallecidas|numero de fallecidos",
        "pt": "mortos|mortes|obitos|numero de mortos|numero de mortes|vitimas mortais"
        "|total de mortos|morreram|mortas|numero de obitos",
        "ar": "القتلى|عدد القتلى|الوفيات|عدد الوفيات|الضحايا",
        "vague": "toll|fatality|count|casualties",
    },
    "deaths_low": {
        "data": "killed low|lower estimate|fatalities min|casualties low|killed min|min killed"
        "|min fatalities|casualties min|deaths low estimate|low deaths",
        "en": "low|deaths low|low estimate|min deaths|deaths min|fatalities low|minimum deaths"
        "|deaths minimum|minimum killed|killed minimum",
        "fr": "morts min|minimum de morts|morts minimum|tues minimum",
        "es": "muertos minimo|minimo de muertos",
        "pt": "mortos minimo|minimo de mortos",
        "ar": "الحد الادنى للقتلى",
        "vague": "lowest|minimum|min",
    },
    "deaths_high": {
        "data": "killed high|upper estimate|fatalities max|casualties high|killed max"
        "|max killed|max fatalities|casualties max|deaths high estimate|high deaths",
        "en": "high|deaths high|high estimate|max deaths|deaths max|fatalities high|maximum deaths"
        "|deaths maximum|maximum killed|killed maximum",
        "fr": "morts max|maximum de morts|morts maximum|tues maximum",
        "es": "muertos maximo|maximo de muertos",
        "pt": "mortos maximo|maximo de mortos",
        "ar": "الحد الاقصى للقتلى",
        "vague": "highest|maximum|max",
    },
    "headline": {
        "en": "headline|title|summary|event title",
        "fr": "titre|resume",
        "es": "titulo|titular|resumen",
        "pt": "titulo|resumo",
        "ar": "العنوان|الملخص",
    },
    "notes": {
        "en": "notes|description|details|narrative|comments|event description|what happened",
        "fr": "notes|description|details|commentaires|recit|ce qui s est passe",
        "es": "notas|descripcion|detalles|observaciones|relato|que paso",
        "pt": "notas|descricao|detalhes|observacoes|relato|o que aconteceu",
        "ar": "الوصف|الملاحظات|التفاصيل|ملاحظات|ما حدث|ماذا حدث",
    },
    "publisher": {
        "en": "source|sources|publisher|outlet|media|source office|reported by|information source"
        "|source of information|info from",
        "fr": "source|sources|media",
        "es": "fuente|fuentes|medio",
        "pt": "fonte|fontes",
        "ar": "المصدر|مصدر|المصادر",
    },
    "n_sources": {"en": "number of sources|n sources|num sources", "fr": "nombre de sources",
                  "es": "numero de fuentes", "pt": "numero de fontes", "ar": "عدد المصادر"},
    "claim_actor": {
        "en": "claimed by|claim actor|group claiming|responsibility claimed by",
        "fr": "revendique par|revendication",
        "es": "reivindicado por|reivindicacion",
        "pt": "reivindicado por|reivindicacao",
        "ar": "الجهة المتبنية|تبنى العملية",
    },
}  # fmt: skip
"""Field of a report to its names, without accents; the likeliest first."""
