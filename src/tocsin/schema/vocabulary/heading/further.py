"""Names of columns in further languages of the field: the fields that an office's log has."""

from __future__ import annotations

FURTHER: dict[str, dict[str, str]] = {
    "id": {
        "de": "nr|lfd nr|laufende nummer|vorfallnummer|kennung",
        "ru": "номер|№ п/п|идентификатор", "uk": "ідентифікатор", "tr": "sıra no|olay no|kayıt no",
        "id": "nomor|no kejadian", "sw": "namba|namba ya tukio", "ht": "nimewo",
        "fa": "شماره|شناسه",
    },
    "date": {
        "de": "datum|datum des vorfalls|tag|ereignisdatum|vorfallsdatum",
        "ru": "дата|дата инцидента|дата события|дата происшествия|день",
        "uk": "дата|дата події|дата інциденту", "tr": "tarih|olay tarihi|olayın tarihi|gün",
        "id": "tanggal|tanggal kejadian|tanggal peristiwa|hari",
        "sw": "tarehe|tarehe ya tukio|siku", "ht": "dat|ki dat|dat ensidan",
        "fa": "تاریخ|تاریخ رویداد|تاریخ حادثه|روز",
    },
    "year": {"de": "jahr",
        "ru": "год", "uk": "рік", "tr": "yıl", "id": "tahun", "sw": "mwaka", "ht": "ane",
             "fa": "سال"},
    "month": {"de": "monat",
        "ru": "месяц", "uk": "місяць", "tr": "ay", "id": "bulan", "sw": "mwezi", "ht": "mwa",
              "fa": "ماه"},
    "country": {"de": "land|staat",
        "ru": "страна|государство", "uk": "країна", "tr": "ülke", "id": "negara",
                "sw": "nchi", "ht": "peyi", "fa": "کشور"},
    "adm1": {"de": "bundesland|provinz",
        "ru": "область|регион", "uk": "область", "tr": "il|ilin adı", "id": "provinsi",
             "sw": "mkoa|kaunti", "ht": "depatman", "fa": "ولایت|استان"},
    "adm2": {"de": "bezirk|kreis|landkreis",
        "ru": "район", "uk": "район", "tr": "ilçe", "id": "kabupaten", "sw": "wilaya",
             "ht": "komin", "fa": "ولسوالی|شهرستان"},
    "place": {"de": "ort|ortschaft|stadt|dorf|ort des vorfalls",
        "ru": "место|населенный пункт|город|село", "uk": "місце|населений пункт|місто|село",
              "tr": "yer|olay yeri|köy", "id": "lokasi|tempat|desa", "sw": "mahali|eneo|kijiji",
              "ht": "kote|zon|kote li pase", "fa": "محل|مکان|شهر|قریه"},
    "latitude": {"de": "breitengrad|geographische breite|breite",
        "ru": "широта", "uk": "широта", "tr": "enlem", "id": "lintang|garis lintang",
                 "sw": "latitudo", "ht": "latitid", "fa": "عرض جغرافیایی"},
    "longitude": {"de": "längengrad|geographische länge|länge",
        "ru": "долгота", "uk": "довгота", "tr": "boylam", "id": "bujur|garis bujur",
                  "sw": "longitudo", "ht": "lonjitid", "fa": "طول جغرافیایی"},
    "category": {"de": "art|typ|art des vorfalls",
        "ru": "тип|вид|тип события", "uk": "тип|вид|тип події", "tr": "tür|olay türü",
                 "id": "jenis|jenis kejadian", "sw": "aina|aina ya tukio", "ht": "kalite ensidan",
                 "fa": "نوع|نوع رویداد"},
    "actor_a": {"de": "bewaffnete gruppe|gruppe|täter",
        "ru": "группировка|исполнитель", "uk": "угруповання", "tr": "örgüt|fail|grup",
                "id": "pelaku|kelompok", "sw": "kundi|kundi la silaha|mhusika",
                "ht": "gwoup|gwoup ame|gang", "fa": "گروه|عامل"},
    "deaths_best": {
        "de": "tote|anzahl der toten|todesopfer|getötete|anzahl tote|zahl der toten",
        "ru": "погибло|погибшие|число погибших|убито|убитые|количество погибших",
        "uk": "загинуло|загиблі|кількість загиблих|вбито",
        "tr": "ölü|ölü sayısı|ölen|ölenler|can kaybı|öldürülen",
        "id": "korban tewas|jumlah korban tewas|tewas|meninggal|korban jiwa|jumlah tewas",
        "sw": "waliouawa|idadi ya waliouawa|vifo|idadi ya vifo|waliokufa",
        "ht": "mouri|moun ki mouri|konbyen moun ki mouri|mò|kantite mò",
        "fa": "کشته|کشته ها|تعداد کشته ها|تعداد کشته شدگان|تلفات جانی",
    },
    "notes": {"de": "beschreibung|anmerkung|bemerkung",
        "ru": "описание|примечание|подробности", "uk": "опис|примітка",
              "tr": "açıklama|notlar", "id": "keterangan|uraian|catatan", "sw": "maelezo",
              "ht": "deskripsyon|sa k pase",
              "fa": "توضیحات|شرح"},
    "publisher": {"de": "quelle",
        "ru": "источник", "uk": "джерело", "tr": "kaynak", "id": "sumber",
                  "sw": "chanzo", "ht": "sous", "fa": "منبع"},
}  # fmt: skip
"""Field to its names in Russian, Ukrainian, Turkish, Indonesian, Swahili, Haitian Creole,
German and Persian."""
STAMPS = (
    "timestamp|horodateur|marca temporal|carimbo de data hora|طابع زمني|stempel waktu"
    "|zaman damgası|отметка времени|позначка часу|zeitstempel|informazioni cronologiche"
    "|created at|created on|created|creation date|creationdate|uploaded at|received on"
    "|modified|last modified|last edit time|edit date|editdate|completed time|completion time"
    "|start time|starttime|end time|endtime|date created|date reported|report date|date entered"
    "|date of report|reporting date|entry date|date added|date created gmt|date saisie"
    "|date de saisie|date du rapport|fecha de registro|fecha de carga|fecha del reporte"
    "|data de registo|data do relatorio|completiondate|submissiondate|datereceived|date received"
)
"""What programs and offices call the time at which a row was written, sent or changed."""
