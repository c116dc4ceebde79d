"""Titles as they were written, whatever their charset, on both roads."""

import pytest

from ics_support import on_both_roads

TITLES = {
    "cp1252": [
        ["Möte två"],
        ["Utvecklingssamtal med Åsa", "Fika på torget"],
        ["Møte på kontoret", "Årsmøte i Tromsø"],
        ["Møde med Søren", "Frokost på Nørrebro"],
        ["Überprüfung der Pläne", "Gespräch mit Jörg Groß"],
        ["Réunion d'équipe", "Déjeuner à Orléans", "Point août"],
        ["Reunión con José", "Mañana en León"],
        ["Reunião com João", "Almoço amanhã às três"],
        ["Työpöytä ja päivä", "Käynti Jyväskylässä"],
        ["Fundur með Þóru", "Ísafjörður á miðvikudag"],
        ["Perché è così", "Caffè con Niccolò"],
    ],
    "cp1250": [
        ["Spotkanie zespołu", "Rozmowa z Łukaszem o części drugiej", "Święto pracy"],
        ["Schůzka s Jiřím", "Příprava na čtvrtek", "Oběd v Žižkově"],
        ["Stretnutie s Ľubošom", "Príprava na štvrtok"],
        ["Heti megbeszélés Gáborral", "Ebéd a győri irodában", "Fűtés ellenőrzése"],
        ["Sastanak sa Željkom", "Ručak u četvrtak"],
        ["Schůzka s Jiřím", "Oběd s Lucií Dvořákovou", "Porada vedení"],
        ["Ebéd Ildikóval", "Megbeszélés Őrsivel"],
    ],
    "iso8859_2": [["Spotkanie z Łukaszem Żółć"], ["Rozmowa o płatnościach z Kasią", "Święto"]],
    "cp1255": [["פגישה שבועית", "אחד על אחד עם דוד", "ארוחת צהריים"], ["פגישה עם דני בבוקר"], ["יום הולדת לאמא"]],
    "cp1251": [["обед с мамой"], ["звонок маме"], ["Встреча с командой", "Обед с Анной", "Разговор о проекте"]],
    "koi8_r": [["Встреча с командой", "Обед с Анной", "Разговор о проекте"]],
    "cp1253": [["Συνάντηση ομάδας", "Γεύμα με τη Μαρία", "Συζήτηση για το έργο"]],
    "cp1254": [["Haftalık görüşme", "Öğle yemeği Ayşe ile", "İş planı"]],
    "shift_jis": [["定例会議", "山田さんとの面談", "プロジェクトの打ち合わせ"]],
    "euc_jp": [["定例会議", "山田さんとの面談", "プロジェクトの打ち合わせ"], ["来週の面談について"]],
    "iso2022_jp": [["定例会議", "山田さんとの面談", "Lunch"]],
    "gb18030": [["每周例会", "与王伟面谈", "项目讨论会议"], ["下周的会议"]],
    "big5": [["每週例會", "與王先生午餐"]],
    "euc_kr": [["주간 회의", "김민수와 면담", "프로젝트 논의"], ["회의 (月)", "점심"]],
}


def titled(titles, encoding):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for number, title in enumerate(titles):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTART:20260601T090000Z", f"SUMMARY:{title}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode(encoding)


def titles_of(data):
    return [event.title for event in sorted(on_both_roads(data).events, key=lambda event: event.uid)]


@pytest.mark.parametrize(
    ("encoding", "titles"), [(name, titles) for name, each in TITLES.items() for titles in each], ids=str
)
def test_titles_are_read_in_the_charset_that_they_are_in(encoding, titles):
    assert titles_of(titled(titles, encoding)) == titles


def test_one_lost_byte_costs_one_character():
    data = titled(["日本国際会議", "Grüße"], "utf-8").replace("国".encode(), "国".encode()[:2])
    first, second = titles_of(data)
    assert (first.replace("\ufffd", ""), second) == ("日本際会議", "Grüße")


def test_a_line_in_another_charset_does_not_spoil_those_in_utf_8():
    data = titled(["Grüße aus 東京", "Möte"], "utf-8").replace("Möte".encode(), "Möte".encode("latin-1"))
    assert titles_of(data) == ["Grüße aus 東京", "Möte"]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE:M=C3=B6te, tv=C3=A5", "Möte, två"),
        ("SUMMARY;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=F6te", "Möte"),
        ("SUMMARY;ENCODING=quoted-printable;LANGUAGE=sv;CHARSET=UTF-8:M=C3=B6te=0D=0Aom vintern", "Möte\nom vintern"),
        (
            "SUMMARY;ENCODING=QUOTED-PRINTABLE:A long title that is broken =\r\nat the end",
            "A long title that is broken at the end",
        ),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=X-NOBODYS:Talk", "Talk"),
        ("SUMMARY:1=1 and =C3", "1=1 and =C3"),
    ],
)
def test_quoted_printable_titles_are_text(line, title):
    assert titles_of(titled(["TITLE"], "utf-8").replace(b"SUMMARY:TITLE", line.encode())) == [title]
