"""Days as people write them: names of months in many languages, other calendars, spans, slips."""

from __future__ import annotations

from datetime import date, timedelta

from fieldkinds.truth import (
    USUAL,
    Event,
    Made,
    case,
    days,
    delimited,
    in_words,
    named,
    table,
    usual,
    workbook,
)

MONTHS = {
    "russian": ("Ukraine", "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря", "{day} {month} {year} г."),
    "ukrainian": ("Ukraine", "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня", ""),
    "turkish": ("Turkey", "Ocak|Şubat|Mart|Nisan|Mayıs|Haziran|Temmuz|Ağustos|Eylül|Ekim|Kasım|Aralık", ""),
    "turkish_capitals": ("Turkey", "OCAK|ŞUBAT|MART|NİSAN|MAYIS|HAZİRAN|TEMMUZ|AĞUSTOS|EYLÜL|EKİM|KASIM|ARALIK", ""),
    "swahili": ("Kenya", "Januari|Februari|Machi|Aprili|Mei|Juni|Julai|Agosti|Septemba|Oktoba|Novemba|Desemba", ""),
    "hebrew": ("Israel", "בינואר|בפברואר|במרץ|באפריל|במאי|ביוני|ביולי|באוגוסט|בספטמבר|באוקטובר|בנובמבר|בדצמבר", ""),
    "amharic": ("Ethiopia", "ጃንዩወሪ|ፌብሩወሪ|ማርች|ኤፕሪል|ሜይ|ጁን|ጁላይ|ኦገስት|ሴፕቴምበር|ኦክቶበር|ኖቬምበር|ዲሴምበር", ""),
    "burmese": ("Myanmar", "ဇန်နဝါရီ|ဖေဖော်ဝါရီ|မတ်|ဧပြီ|မေ|ဇွန်|ဇူလိုင်|ဩဂုတ်|စက်တင်ဘာ|အောက်တိုဘာ|နိုဝင်ဘာ|ဒီဇင်ဘာ", ""),
    "portuguese": ("Mozambique", "Janeiro|Fevereiro|Março|Abril|Maio|Junho|Julho|Agosto|Setembro|Outubro|Novembro|Dezembro", "{day} de {month} de {year}"),
    "portuguese_short": ("Mozambique", "jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez", "{day}/{month}/{year}"),
    "indonesian": ("Indonesia", "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember", ""),
    "hausa": ("Nigeria", "Janairu|Fabrairu|Maris|Afrilu|Mayu|Yuni|Yuli|Agusta|Satumba|Oktoba|Nuwamba|Disamba", "{day} ga {month}, {year}"),
    "somali": ("Somalia", "Janaayo|Febraayo|Maarso|Abriil|Maajo|Juun|Luulyo|Agoosto|Sebtembar|Oktoobar|Nofembar|Desembar", ""),
    "persian": ("Iran", "ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر", ""),
    "dari": ("Afghanistan", "جنوری|فبروری|مارچ|اپریل|می|جون|جولای|اگست|سپتمبر|اکتوبر|نومبر|دسمبر", ""),
    "pashto": ("Afghanistan", "جنوري|فبروري|مارچ|اپرېل|مۍ|جون|جولای|اګست|سپټمبر|اکتوبر|نومبر|ډسمبر", ""),
    "urdu": ("Pakistan", "جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر", "{day} {month}، {year}"),
    "hindi": ("India", "जनवरी|फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर", ""),
    "nepali": ("Nepal", "जनवरी|फेब्रुअरी|मार्च|अप्रिल|मे|जुन|जुलाई|अगस्ट|सेप्टेम्बर|अक्टोबर|नोभेम्बर|डिसेम्बर", ""),
    "filipino": ("Philippines", "Enero|Pebrero|Marso|Abril|Mayo|Hunyo|Hulyo|Agosto|Setyembre|Oktubre|Nobyembre|Disyembre", "ika-{day} ng {month}, {year}"),
    "german": ("Sudan", "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember", "{day}. {month} {year}"),
    "italian": ("Mali", "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre", ""),
    "sorani": ("Iran", "کانوونی دووەم|شوبات|ئازار|نیسان|ئایار|حوزەیران|تەمموز|ئاب|ئەیلوول|تشرینی یەکەم|تشرینی دووەم|کانوونی یەکەم", "{day}ی {month}ی {year}"),
    "bengali": ("India", "জানুয়ারি|ফেব্রুয়ারি|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর", ""),
}  # fmt: skip
for _name, (_country, _months, _form) in MONTHS.items():
    case(_country)(
        named(f"months_{_name}", days(in_words(_months, _form or "{day} {month} {year}")))
    )

_CREOLE = "janvye|fevriye|mas|avril|me|jen|jiyè|out|septanm|oktòb|novanm|desanm"
# 'out' is August in Haitian Creole, and October where Portuguese is cut short.
case("Haiti", count=12)(named("months_creole", days(in_words(_CREOLE))))

_ETHIOPIAN = "ጥር|የካቲት|መጋቢት|ሚያዝያ|ግንቦት|ሰኔ|ሐምሌ|ነሐሴ|መስከረም|ጥቅምት|ኅዳር|ታኅሣሥ"
case("Ethiopia", refuse="Ethiopia")(
    named("calendar_ethiopian", days(lambda d: in_words(_ETHIOPIAN)(d).replace("2024", "2016")))
)
_SOLAR = "دی|بهمن|اسفند|فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر"
case("Iran", refuse="Solar Hijri")(
    named("calendar_solar_words", days(lambda d: in_words(_SOLAR)(d).replace("2024", "1402")))
)
_AFGHAN = "جدی|دلو|حوت|حمل|ثور|جوزا|سرطان|اسد|سنبله|میزان|عقرب|قوس"
case("Afghanistan", refuse="Solar Hijri")(
    named("calendar_afghan_words", days(lambda d: in_words(_AFGHAN)(d).replace("2024", "۱۴۰۲")))
)
_ISLAMIC = (
    "رجب|شعبان|رمضان|شوال|ذو القعدة|ذو الحجة|محرم|صفر|ربيع الأول|ربيع الآخر|جمادى الأولى"
    "|جمادى الآخرة"
)
case("Sudan", refuse="Islamic")(
    named("calendar_islamic_words", days(lambda d: in_words(_ISLAMIC)(d).replace("2024", "1445")))
)
_BIKRAM = "पुष|माघ|फागुन|चैत|बैशाख|जेठ|असार|साउन|भदौ|असोज|कात्तिक|मंसिर"
case("Nepal", refuse="Bikram")(
    named("calendar_bikram_words", days(lambda d: in_words(_BIKRAM)(d).replace("2024", "२०८०")))
)
# Years of Bikram Sambat are 56 or 57 ahead: days in 2080 are no days of any report.
case("Nepal", refuse="Bikram|ahead|future|to come")(
    named("calendar_bikram_numbers", days(lambda d: d.isoformat().replace("2024", "2080")))
)
case("Myanmar", refuse="Buddhist")(
    named("calendar_buddhist", days(lambda d: f"{d.day}/{d.month}/{d.year + 543}"))
)

_EN = "January|February|March|April|May|June|July|August|September|October|November|December"
_ES = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
_PT = MONTHS["portuguese"][1].lower()
_FR = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_AR = "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"


def _weekday(names: str, day: date) -> str:
    return names.split("|")[day.weekday()]


def _with_weekday(names: str, months: str, form: str) -> object:
    return lambda d: form.format(
        w=_weekday(names, d), d=d.day, m=months.split("|")[d.month - 1], y=d.year
    )


_WEEK = {
    "english": ("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday", _EN, "{w}, {m} {d}, {y}", "Kenya"),
    "english_short": ("Mon|Tue|Wed|Thu|Fri|Sat|Sun", "|".join(m[:3] for m in _EN.split("|")), "{w} {d}-{m}-{y}", "Kenya"),
    "behind": ("Mon|Tue|Wed|Thu|Fri|Sat|Sun", _EN, "{d} {m} {y} ({w})", "Kenya"),
    "spanish": ("lunes|martes|miércoles|jueves|viernes|sábado|domingo", _ES, "{w}, {d} de {m} de {y}", "Colombia"),
    "portuguese": ("segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|sábado|domingo", _PT, "{w}, {d} de {m} de {y}", "Mozambique"),
    "french_cut": ("lun.|mar.|mer.|jeu.|ven.|sam.|dim.", _FR, "{w} {d} {m} {y}", "Mali"),
    "arabic": ("الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد", _AR, "{w}، {d} {m} {y}", "Sudan"),
    "russian": ("понедельник|вторник|среда|четверг|пятница|суббота|воскресенье", MONTHS["russian"][1], "{w}, {d} {m} {y} г.", "Ukraine"),
    "turkish": ("Pazartesi|Salı|Çarşamba|Perşembe|Cuma|Cumartesi|Pazar", MONTHS["turkish"][1], "{d} {m} {y} {w}", "Turkey"),
}  # fmt: skip
for _name, (_names, _months, _form, _country) in _WEEK.items():
    case(_country)(named(f"weekday_{_name}", days(_with_weekday(_names, _months, _form))))  # type: ignore[arg-type]

case()(named("weekday_numbers", days(lambda d: f"{d:%a %d/%m/%Y}")))
case()(named("apostrophe_before", days(lambda d: f"'{d:%d/%m/%Y}")))
case()(named("zone_west", days(lambda d: f"{d}T23:30:00-05:00")))
case()(named("zone_utc_fraction", days(lambda d: f"{d}T00:30:00.123456Z")))
case()(named("javascript", days(lambda d: f"{d:%a %b %d %Y} 00:00:00 GMT+0000 (GMT)")))
case()(named("rfc_2822", days(lambda d: f"{d:%a, %d %b %Y} 14:30:00 +0000")))
case()(named("ordinals", days(lambda d: f"{d:%B} {d.day}{'st' if d.day == 1 else 'th'}, {d.year}")))
case()(named("french_first", days(lambda d: f"1er {_FR.split('|')[d.month - 1]} {d.year}"
                                  if d.day == 1 else in_words(_FR)(d))))  # fmt: skip
case()(named("two_digits", days(lambda d: f"{d:%d.%m.%y}")))
case()(named("am_pm", days(lambda d: f"{d.month}/{d.day}/{d.year} 12:00:00 AM")))
case()(named("american_short", days(lambda d: f"{d:%b} {d.day}, {d.year} 3:10:22 PM")))
case()(named("joined_floats", days(lambda d: f"{d:%Y%m%d}.0")))


def _span(form: str) -> object:
    def make(told: list[Event]) -> Made:
        def said(e: Event) -> str:
            last = e.day + timedelta(2) if e.day.day < 27 else e.day
            return form.format(
                a=e.day.day, b=last.day, m=_EN.split("|")[e.day.month - 1],
                f=_FR.split("|")[e.day.month - 1], n=f"{e.day.month:02d}", y=e.day.year,
            ) if last != e.day else f"{e.day.day} {_EN.split('|')[e.day.month - 1]} {e.day.year}"  # fmt: skip

        return "log.csv", delimited(table(told, usual(Date=said)))

    return make


# The day told is the first one of the span; the judge also looks that the last is no earlier.
case()(named("span_from_to", _span("from {a} to {b} {m} {y}")))  # type: ignore[arg-type]
case()(named("span_du_au", _span("du {a} au {b} {f} {y}")))  # type: ignore[arg-type]
case()(named("span_and", _span("{a} & {b} {m} {y}")))  # type: ignore[arg-type]
case()(named("span_two_ends", _span("{a}/{n}/{y} - {b}/{n}/{y}")))  # type: ignore[arg-type]
case()(named("span_month_first", _span("{m} {a}-{b}, {y}")))  # type: ignore[arg-type]


def _part_of_month(word: str, country: str = "Mali") -> None:
    def make(told: list[Event]) -> Made:
        cells = [e.day.strftime("%d %B %Y") for e in told]
        cells[2] = word.format(m=_EN.split("|")[told[2].day.month - 1],
                               f=_FR.split("|")[told[2].day.month - 1], y=told[2].day.year)  # fmt: skip
        rows = table(told, USUAL)
        for row, cell in zip(rows[1:], cells, strict=True):
            row[1] = cell
        return "log.csv", delimited(rows)

    # The day is not told, but its month is: kept over the whole month, or over the part that is
    # meant.
    case(country, kept={2: {"day": "month"}})(
        named(f"vague_{word.split(maxsplit=1)[0].strip('~')}", make)
    )


for _word in ("mid-March {y}", "début {f} {y}", "late {m} {y}", "~ {m} {y}"):
    _part_of_month(_word if "March" not in _word else _word.replace("March", "{m}"))


@case(rows={2: "time|ahead|future|to come"})
def typed_future_year(told: list[Event]) -> Made:
    """2042 for 2024: a report of what has not happened yet."""
    rows = table(told, USUAL)
    rows[3][1] = str(rows[3][1]).replace("2024", "2042")
    return "log.csv", delimited(rows)


@case(said="month.{0,40}day|swapped|day.{0,60}month")
def half_turned_by_excel(told: list[Event]) -> Made:
    """Text days that an American Excel turned into days where it could: 3/5 became 5 March.

    Those above twelve stay texts. Nothing in a single cell tells; the column as a whole does.
    """
    from datetime import datetime

    rows: list[list[object]] = [list(row) for row in table(told, USUAL)]
    for row, e in zip(rows[1:], told, strict=True):
        low = e.day.day <= 12
        row[1] = datetime(e.day.year, e.day.day, e.day.month) if low else f"{e.day:%d/%m/%Y}"
    return "log.xlsx", workbook({"Log": rows})


@case()
def reported_and_happened(told: list[Event]) -> Made:
    """The day of the report stands first, the day of the event after it."""
    columns = {"Date reported": lambda e: f"{e.day + timedelta(4):%d/%m/%Y}",
               "Date of incident": lambda e: f"{e.day:%d/%m/%Y}",
               **usual(Date=None)}  # fmt: skip
    return "log.csv", delimited(table(told, columns))  # type: ignore[arg-type]


@case()
def time_apart(told: list[Event]) -> Made:
    """A column of times beside the day."""
    columns = {"Time": "14:30", **USUAL}
    return "log.csv", delimited(table(told, columns))


@case()
def day_and_month_without_year(told: list[Event]) -> Made:
    """The year stands in a column of its own."""
    columns = {"Year": lambda e: e.day.year, **usual(Date=lambda e: f"{e.day.day} {e.day:%B}")}
    return "log.csv", delimited(table(told, columns))  # type: ignore[arg-type]


@case(refuse="what stands in it does not", count=3)
def nothing_but_weekdays(told: list[Event]) -> Made:
    """Days by their names alone tell no day."""
    return "log.csv", delimited(table(told, usual(Date=lambda e: f"{e.day:%A}")))
