"""A year in a small packaging studio: activities done and planned. Days are working days from today."""

from __future__ import annotations

from typing import NamedTuple


class Done(NamedTuple):
    """An activity done ``days`` working days ago. ``who`` are names, separated by semicolons."""

    days: int
    time: str
    kind: str
    direction: str
    outcome: str
    who: str
    text: str
    minutes: int | None = None


class Open(NamedTuple):
    """An activity due in ``days`` working days (negative: overdue by that many; None: no due date).

    ``snooze`` hides it for that many working days; each of ``leads`` is a reminder, in minutes before it is due.
    """

    days: int | None
    time: str
    kind: str
    who: str
    text: str
    priority: str = ""
    promise: str = ""
    snooze: int | None = None
    leads: tuple[int, ...] = ()


OPEN = (
    Open(-6, "", "task", "Lucía Fernández Ortega", "quote for 8 000 labels", promise="owe"),
    Open(-2, "11:00", "call", "Prakash Shah", "gold foil: yes or no?"),
    Open(-1, "", "task", "Farhan Sheikh", "kraft board: when?", priority="high", promise="await"),
    Open(-1, "", "task", "Vikram Sethi", "GST papers", snooze=1),
    Open(0, "", "task", "Priya Nair", "post tin samples", priority="high", promise="owe"),
    Open(0, "12:00", "call", "Asha Verma", "happy birthday!", leads=(15,)),
    Open(0, "17:30", "call", "सुरेश कुमार", "दिवाली ऑर्डर"),
    Open(0, "", "email", "Hannah Clarke", "spring box proof", promise="owe"),
    Open(1, "10:00", "meeting", "Gauri Joshi;Søren Mikkelsen", "catalogue shoot", leads=(1440, 60)),
    Open(1, "", "task", "Peter D'Souza", "London sailing date", promise="await"),
    Open(2, "15:00", "call", "Mette Sørensen", "gift box sizes"),
    Open(2, "", "email", "林雅婷", "茶罐標籤報價", promise="owe"),
    Open(3, "11:30", "meeting", "Ravi Deshpande;Asha Verma", "pouch line trial", priority="high"),
    Open(4, "", "task", "Camille Lefèvre", "sample drawer box", promise="owe"),
    Open(5, "14:00", "call", "Ольга Соколова", "тираж пачек"),
    Open(8, "", "task", "Jürgen Grünwald", "yearly contract"),
    Open(13, "10:30", "meeting", "ليلى الخطيب", "علب رمضان: التصميم الأول"),
    Open(21, "", "call", "Claire Béranger", "recycled board has come?"),
    Open(None, "", "task", "Dr. Farida Contractor", "take her the new ink samples", priority="low"),
    Open(None, "", "task", "", "find a second supplier of tissue paper"),
)

DONE = (
    Done(1, "10:05", "call", "out", "reached", "Asha Verma", "pouches: 40 000 in January\nLaminated, new sizes.", 18),
    Done(1, "15:40", "email", "in", "", "Hannah Clarke", "Spring boxes: where is the proof?"),
    Done(1, "17:10", "call", "out", "no-answer", "Farhan Sheikh", "delivery of the kraft board"),
    Done(2, "09:30", "call", "out", "voicemail", "Farhan Sheikh", "delivery of the kraft board"),
    Done(2, "11:20", "email", "out", "", "Priya Nair", "Price list and the tin sizes"),
    Done(2, "16:00", "call", "in", "", "Prakash Shah", "foil is too dear, asks for a second price", 12),
    Done(3, "10:00", "meeting", "", "held", "Søren Mikkelsen", "went through the catalogue, page by page", 90),
    Done(3, "15:15", "message", "in", "", "Peter D'Souza", "Next sailing is full, the one after is open"),
    Done(4, "11:00", "call", "out", "left-message", "Lucía Fernández Ortega", "label quote; she is at the harvest"),
    Done(4, "14:30", "email", "in", "", "林雅婷", "請報價：茶罐標籤 5 000 張"),
    Done(5, "12:00", "note", "", "", "Asha Verma", "her deputy from March is Ravi"),
    Done(5, "16:45", "call", "in", "", "अंजलि शर्मा", "नए डिब्बे का रंग हल्का हो", 9),
    Done(6, "10:30", "email", "out", "", "Camille Lefèvre", "Merci pour votre visite au salon"),
    Done(6, "10:45", "email", "out", "", "Mette Sørensen", "Good to meet you at the fair"),
    Done(6, "11:00", "email", "out", "", "Ольга Соколова", "Рады знакомству"),
    Done(7, "13:00", "meeting", "", "held", "Priya Nair", "fair, stand B12: tins for tea and spices", 25),
    Done(7, "14:00", "meeting", "", "held", "Mette Sørensen", "fair, stand C03: gift boxes", 20),
    Done(7, "15:00", "meeting", "", "held", "Camille Lefèvre;Hugo Lefèvre", "fair, stand A21: drawer boxes", 30),
    Done(8, "11:00", "meeting", "", "held", "Ольга Соколова", "выставка, стенд D07: пачки для чая", 20),
    Done(8, "12:30", "meeting", "", "held", "Łukasz Wójcik", "fair, stand A07: valve bags, matt black", 15),
    Done(8, "15:30", "meeting", "", "held", "فاطمة الزهراء بناني", "المعرض: علب العطور", 15),
    Done(8, "16:30", "meeting", "", "no-show", "Grace Mwangi", "was to come to our stand"),
    Done(10, "10:00", "call", "out", "reached", "Hannah Clarke", "spring boxes: robin, not rabbit", 22),
    Done(11, "09:45", "email", "in", "", "Jürgen Grünwald", "Vertrag: wieder 2 % Skonto?"),
    Done(12, "15:00", "task", "", "", "Vikram Sethi", "sent the sales register for October"),
    Done(13, "11:30", "call", "in", "", "Lucía Fernández Ortega", "wants a price for 8 000 labels", 14),
    Done(14, "10:15", "call", "out", "busy", "Kavita Rao", "HS code of the rigid boxes"),
    Done(14, "12:10", "call", "out", "reached", "Kavita Rao", "HS code is 4819.20, page one", 6),
    Done(16, "16:20", "email", "out", "", "ليلى الخطيب", "عرض أول لعلب الهدايا"),
    Done(17, "10:00", "meeting", "", "held", "Ravi Deshpande", "walked the line; the sealer needs 3 mm more", 75),
    Done(19, "14:00", "call", "out", "reached", "Farhan Sheikh", "ordered 2 t of kraft, three weeks", 11),
    Done(20, "11:45", "message", "in", "", "Tom Okafor", "String has come, thank you"),
    Done(22, "15:30", "email", "in", "", "ليلى الخطيب", "نحتاج ٣٠٠٠ علبة قبل رمضان"),
    Done(24, "10:30", "call", "out", "reached", "陳志強", "三月來訪，先寄樣品", 16),
    Done(26, "12:00", "email", "out", "", "Daniel Novák", "Terms for introductions"),
    Done(28, "17:00", "call", "in", "", "Sanjay Patil", "new belt for the folder-gluer, Saturday", 5),
    Done(31, "11:00", "meeting", "", "held", "Vikram Sethi", "half-year figures; margin on labels is thin", 60),
    Done(33, "10:20", "call", "out", "wrong-number", "Imran Qureshi", "number of the old store"),
    Done(33, "10:40", "call", "out", "reached", "Imran Qureshi", "420 cartons in, 6 crushed", 8),
    Done(36, "15:10", "email", "out", "", "Claire Béranger", "Recycled board: price and weight"),
    Done(38, "12:30", "email", "in", "", "Claire Béranger", "Trop brillant; y a-t-il plus mat ?"),
    Done(41, "09:50", "call", "out", "reached", "Anneliese Groß", "Papiertüten bis zum 20.", 10),
    Done(45, "16:00", "meeting", "", "held", "अंजलि शर्मा;सुरेश कुमार", "दिवाली के डिब्बे तय", 50),
    Done(48, "11:15", "letter", "out", "", "Dr. Farida Contractor", "Samples of the soy inks"),
    Done(52, "14:45", "call", "in", "", "Dr. Farida Contractor", "the green will fade, says why", 27),
    Done(55, "10:10", "email", "in", "", "Íñigo Peña", "Muestras recibidas, gracias"),
    Done(58, "15:00", "call", "out", "no-answer", "Nidhi Shah", "pictures for the online shop"),
    Done(60, "12:15", "message", "in", "", "Nidhi Shah", "In Mumbai, back on Monday"),
    Done(64, "11:00", "meeting", "", "held", "Prakash Shah;Nidhi Shah", "sari boxes, two sizes agreed", 80),
    Done(68, "10:30", "call", "out", "reached", "Zoë Whitfield", "bleed and spot colours", 19),
    Done(71, "16:40", "email", "in", "", "Zoë Whitfield", "Artwork, version 4 (final)"),
    Done(75, "13:30", "meeting", "", "postponed", "Hannah Clarke", "autumn boxes; she is at the coast"),
    Done(80, "11:20", "call", "in", "", "Hannah Clarke", "autumn boxes: 12 000, same as last year", 15),
    Done(86, "10:00", "email", "out", "", "Jürgen Grünwald", "Angebot Papiertüten"),
    Done(92, "15:20", "note", "", "", "Jürgen Grünwald", "retires in three years; his son studies"),
    Done(97, "12:00", "call", "out", "reached", "Peter D'Souza", "half a container to Felixstowe", 13),
    Done(104, "14:00", "meeting", "", "held", "Søren Mikkelsen", "new logo for the studio", 45),
    Done(111, "10:50", "email", "in", "", "Meera Kulkarni", "Invoice 118 is paid"),
    Done(119, "16:10", "call", "out", "voicemail", "Daniel Novák", "who was the brewer in Brno?"),
    Done(126, "11:40", "email", "in", "", "Daniel Novák", "An introduction: Bodega Peña"),
    Done(133, "12:20", "call", "out", "reached", "Íñigo Peña", "first talk; two printers today", 24),
    Done(141, "10:30", "meeting", "", "held", "Asha Verma;Meera Kulkarni", "yearly prices and payment on the 10th", 70),
    Done(150, "15:45", "email", "out", "", "陳志強", "感謝，隨信附上型錄"),
    Done(158, "11:10", "call", "in", "", "Lakshmi Iyer", "board is short by two reams", 4),
    Done(166, "10:00", "task", "", "", "Nasreen Ali", "signed the lease for two more years"),
    Done(175, "14:15", "meeting", "", "held", "Rohan Mehta", "first week: folding and counting", 30),
    Done(184, "12:40", "email", "out", "", "يوسف حداد", "قوالب التصميم بصيغة PDF"),
    Done(193, "16:30", "call", "out", "reached", "Hannah Clarke", "she is happy with the first order", 12),
    Done(203, "11:30", "meeting", "", "held", "Hannah Clarke;Tom Okafor", "saw all four shops in a day", 240),
    Done(214, "10:20", "email", "in", "", "Søren Mikkelsen", "You should meet Hannah of Blue Door"),
    Done(226, "15:00", "call", "out", "reached", "Prakash Shah", "found us in the trade directory", 17),
    Done(249, "11:00", "meeting", "", "held", "Asha Verma", "first order: 5 000 pouches", 55),
)
