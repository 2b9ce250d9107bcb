"""Word lists written for Dataimp: how English is shortened, misspelt, misheard and filled up. All in lower case."""

from typing import Final

SHORT: Final = {
    "you": ("u",), "your": ("ur", "yr"), "are": ("r",), "and": ("&", "n"), "to": ("2",), "too": ("2",), "for": ("4",),
    "be": ("b",), "see": ("c",), "why": ("y",), "okay": ("ok", "k"), "ok": ("k",), "please": ("pls", "plz"),
    "thanks": ("thx", "tnx"), "thank": ("thx",), "people": ("ppl",), "because": ("bc", "cuz"), "before": ("b4",),
    "great": ("gr8",), "later": ("l8r",), "late": ("l8",), "tomorrow": ("tmrw", "2moro"), "today": ("2day",),
    "tonight": ("2nite",), "message": ("msg",), "messages": ("msgs",), "text": ("txt",), "with": ("w/", "wid"),
    "without": ("w/o",), "about": ("abt",), "what": ("wat", "wot"), "when": ("wen",), "that": ("dat",),
    "have": ("hv",), "love": ("luv",), "good": ("gd",), "back": ("bk",), "week": ("wk",), "weekend": ("wkend",),
    "minutes": ("mins",), "minute": ("min",), "hours": ("hrs",), "hour": ("hr",), "number": ("no.", "nr"),
    "telephone": ("tel",), "phone": ("ph",), "information": ("info",), "account": ("acct",), "address": ("addr",),
    "appointment": ("appt",), "approximately": ("approx.",), "department": ("dept.",), "doctor": ("dr",),
    "street": ("st.",), "something": ("sth", "smth"), "someone": ("sb",), "probably": ("prob", "prolly"),
    "really": ("rly",), "sorry": ("sry",), "don't": ("dont",), "can't": ("cant",), "i'm": ("im",), "it's": ("its",),
    "going": ("goin",), "want": ("wanna",), "got": ("gt",), "could": ("cud",), "would": ("wud",), "should": ("shud",),
    "night": ("nite",), "anyone": ("any1",), "everyone": ("every1",), "mate": ("m8",), "wait": ("w8",),
    "maximum": ("max",), "minimum": ("min",), "example": ("e.g.",), "favourite": ("fav",), "favorite": ("fav",),
    "january": ("jan",), "february": ("feb",), "august": ("aug",), "september": ("sept",), "october": ("oct",),
    "november": ("nov",), "december": ("dec",), "monday": ("mon",), "tuesday": ("tue",), "wednesday": ("wed",),
    "thursday": ("thu",), "friday": ("fri",), "saturday": ("sat",), "sunday": ("sun",),
}  # fmt: skip
MISSPELT: Final = {
    "definitely": ("definately", "definitly"), "separate": ("seperate",), "receive": ("recieve",),
    "received": ("recieved",), "believe": ("beleive",), "until": ("untill",), "their": ("thier",),
    "which": ("wich",), "really": ("realy",), "beautiful": ("beatiful",), "because": ("becuase", "becouse"),
    "tomorrow": ("tommorow", "tomorow"), "occurred": ("occured",), "necessary": ("neccessary", "necesary"),
    "address": ("adress",), "accommodation": ("accomodation",), "business": ("buisness", "bussiness"),
    "calendar": ("calender",), "committee": ("comittee",), "different": ("diffrent",), "disappoint": ("dissapoint",),
    "disappointed": ("dissapointed",), "embarrassed": ("embarassed",), "environment": ("enviroment",),
    "existence": ("existance",), "experience": ("experiance",), "familiar": ("familar",), "finally": ("finaly",),
    "foreign": ("foriegn",), "forty": ("fourty",), "friend": ("freind",), "friends": ("freinds",),
    "government": ("goverment",), "grammar": ("grammer",), "guarantee": ("garantee", "guarentee"),
    "immediately": ("immediatly",), "independent": ("independant",), "interesting": ("intresting",),
    "knowledge": ("knowlege",), "library": ("libary",), "maintenance": ("maintainance",), "minute": ("minuite",),
    "neighbour": ("nieghbour",), "noticeable": ("noticable",), "occasion": ("ocasion", "occassion"),
    "opportunity": ("oppurtunity",), "original": ("orignal",), "particularly": ("particulary",),
    "possible": ("posible",), "preferred": ("prefered",), "probably": ("probly",), "product": ("prodcut",),
    "quality": ("qualtiy",), "recommend": ("recomend", "reccommend"), "refund": ("refound",),
    "restaurant": ("restaraunt", "resturant"), "safety": ("saftey",), "schedule": ("shedule",),
    "service": ("servise",), "similar": ("similiar",), "sincerely": ("sincerly",), "successful": ("succesful",),
    "surprise": ("suprise",), "surprised": ("suprised",), "than": ("then",), "truly": ("truely",),
    "usually": ("usualy",), "weather": ("wether",), "weird": ("wierd",), "writing": ("writting",),
    "lose": ("loose",), "whether": ("wether",), "quite": ("quiet",), "although": ("allthough",),
    "always": ("allways",), "almost": ("allmost",), "arrival": ("arival",), "available": ("availible",),
    "customer": ("costumer",), "delivery": ("delivary",), "purchase": ("purchace",), "delivered": ("deliverd",),
}  # fmt: skip
MISHEARD: Final = (
    ("there", "their", "they're"), ("your", "you're"), ("its", "it's"), ("to", "too", "two"), ("for", "four"),
    ("here", "hear"), ("know", "no"), ("new", "knew"), ("right", "write"), ("by", "buy", "bye"), ("one", "won"),
    ("week", "weak"), ("weather", "whether"), ("where", "wear"), ("which", "witch"), ("would", "wood"),
    ("eight", "ate"), ("see", "sea"), ("be", "bee"), ("son", "sun"), ("meet", "meat"), ("mail", "male"),
    ("sale", "sail"), ("price", "prize"), ("brake", "break"), ("piece", "peace"), ("plain", "plane"), ("road", "rode"),
    ("hole", "whole"), ("our", "hour"), ("past", "passed"), ("through", "threw"), ("steel", "steal"), ("site", "sight"),
    ("wait", "weight"), ("way", "weigh"), ("wont", "want"), ("than", "then"), ("principal", "principle"),
    ("accept", "except"), ("affect", "effect"), ("bare", "bear"), ("cell", "sell"), ("cent", "sent"), ("dear", "deer"),
    ("fair", "fare"), ("flour", "flower"), ("hair", "hare"), ("pair", "pear"), ("role", "roll"), ("some", "sum"),
    ("tail", "tale"), ("waste", "waist"), ("war", "wore"), ("board", "bored"), ("check", "cheque"),
)  # fmt: skip
FILLERS: Final = ("uh", "um", "er", "well", "like", "you know", "I mean", "so", "basically", "actually", "right")
TURNING: Final = frozenset(
    {
        "not", "no", "never", "none", "nobody", "nothing", "nowhere", "neither", "nor", "without", "hardly", "barely",
        "cannot", "don't", "doesn't", "didn't", "won't", "wouldn't", "can't", "couldn't", "isn't", "aren't", "wasn't",
        "weren't", "shouldn't", "haven't", "hasn't", "hadn't", "nicht", "kein", "keine", "nie", "niemals", "ohne",
        "pas", "jamais", "rien", "sans", "ne", "nunca", "nada", "sin", "non", "mai", "senza",
    }
)  # fmt: skip
EMOJI: Final = ("🙂", "😀", "😂", "😅", "😊", "👍", "🙏", "🎉", "✨", "👀", "🤔", "😎", "💬", "📦", "☀️", "👍🏽", "🤷‍♀️")
FIRST_LINES: Final = (
    "Hi,\n\n",
    "Hello,\n\n",
    "Dear team,\n\n",
    "FW: ",
    "RE: ",
    "Good morning,\n\n",
    "To whom it may concern,\n\n",
)
LAST_LINES: Final = (
    "\n\nSent from my phone",
    "\n\nKind regards",
    "\n\nBest wishes\nAlex",
    "\n\nThanks!",
    "\n\n--\nThis message may be confidential. If it is not for you, please delete it.",
    "\n\nGet the app for your phone",
)
