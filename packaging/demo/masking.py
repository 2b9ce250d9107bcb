"""What must not be shipped from old mail: addresses, hosts, numbers and the names of private persons."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_STREETS = "street|st|avenue|ave|road|rd|drive|dr|lane|ln|blvd|boulevard|way|court|ct|suite|highway|hwy"
_DOMAINS = "com|net|org|edu|gov|info|biz|co|ie|uk|us|de|fr|cn|tw|kr|ru|it|nl|au|ca|jp"

# In the order in which they are replaced.
PATTERNS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), mask)
    for pattern, mask in (
        (r"\b(?:[a-z]+://|mailto:)\s*[^\s<>\"']*", "[link]"),
        (r"[\w.+%-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)*", "[email]"),
        (r"[\w.+-]+ (?:at|\(at\)|_at_) [\w-]+ (?:dot|\(dot\)) \w+", "[email]"),
        (r"(?<![a-z])www\d?\.[^\s<>\"']*", "[link]"),
        (rf"\b[\w-]+(?:\.[\w-]+)*\.(?:{_DOMAINS})\b[^\s<>\"']*", "[link]"),
        (r"\b\d{1,3}(?:\.\d{1,3}){3}\b", "[address]"),
        (r"\bp\.?\s?o\.?\s?box\s+\w+", "[address]"),
        (
            rf"\b\d{{1,6}}\s+(?:[NSEW]\.?\s+)?(?:\w+\s+){{1,3}}(?:{_STREETS})\b\.?(?:,?\s*(?:suite|apt|unit|#)\s*#?\w+)?",
            "[address]",
        ),
        (r"\b(?:[A-Z][a-z]+ ?){1,2},\s*[A-Z]{2}\.?\s+\d{5}(?:-\d{4})?\b", "[address]"),
        (r"(?<![\w$€£.,])\+?\(?\d[\d\s().-]{5,}\d(?![\w,])", "[number]"),
        (r"\b1?-?8(?:00|88|77|66)[-\s.][A-Z0-9]{3,4}[-\s.]?[A-Z0-9]{2,4}\b", "[number]"),
        (r"\b(?=\w*\d\w*\d\w*\d)(?=\w*[a-z])\w{9,}\b", "[code]"),
    )
)
_WORD = r"[A-Z][\w'\u2019-]+"
TITLED: Final = re.compile(
    r"\b(Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Barrister|Chief|Prince|Princess|General|Engr|Rev)\b\.?\s+"
    rf"{_WORD}(?:\s+[A-Z]\.)?(?:\s+{_WORD}){{0,2}}"
)
GREETED: Final = re.compile(
    rf"^((?:Dear|Hi|Hello|Hey|Hiya|Greetings),?\s+){_WORD}(?:\s+{_WORD})?(?=\s*[,:!.\n-])", re.MULTILINE
)
PRESENTED: Final = re.compile(
    rf"\b((?:[Mm]y name is|I am|I'm|[Tt]his is|[Ww]ritten by|[Pp]osted by|[Ss]ubmitted by|[Bb]y)\s+){_WORD}\s+{_WORD}\b"
)
FOLLOWED: Final = re.compile(rf"(\[name\]) ({_WORD})")
REPEATED: Final = re.compile(r"(\[name\])(?:[\s.,'-]*\[name\])+")

FIRST_NAMES: Final = frozenset(
    """aaron adam adrian alan albert alex alexander alice allen amanda amy andrea andrew andy angela ann anna anne
    anthony arthur barbara barry ben benjamin bernard beth betty bob brad brandon brian bruce bryan carl carol
    caroline catherine charles charlie chris christian christina christine christopher cindy claire colin cory
    craig cynthia dale dan daniel danny dave david dean deborah debra denis dennis diana diane donald donna
    dorothy doug douglas ed edward elizabeth ellen emily emma eric ernest eugene evelyn frances frank fred gary
    george gerald gerard glenn gordon graham greg gregory guido harold harry heather helen henry howard ian
    ivan jack jacob james jamie jane janet jason jean jeff jeffrey jennifer jeremy jerry jessica jim jimmy joan
    joe joel john johnny jon jonathan joseph joshua joyce juan judith judy julia julie julian justin karen karl
    kate katherine kathleen keith kelly ken kenneth kevin kim larry laura lauren lawrence lee leonard leslie linda
    lisa louis louise luke margaret maria marie marilyn martha martin mary matt matthew melissa michael michelle
    mike nancy nathan neil nicholas nick nicole oliver pamela patricia patrick paul pete peter phil philip rachel
    ralph raymond rebecca richard rick robert robin roger ronald rosa roy russell ruth ryan sam samuel
    sandra sara sarah scott sean sharon shirley simon stefan stephanie stephen steve steven stewart stuart
    susan suzanne ted teresa terry theresa thomas tim timothy todd tom tommy tony tracy valerie vanessa victor
    vincent virginia walter warren wayne wendy william""".split()  # noqa: SIM905
)
NOT_NAMES: Final = frozenset(
    """accounts advisor alert alerts america american amazon announce apple assassin association b2b bank bell
    best bible bot bug bugtraq builder bush business card catchup center central centre chicago club cnet college
    com company computer computing consulting content control corp corporation credit customer daily data debian
    deals dell desk development digest digital direct director diversified divx dot dublin editor editorial
    education effector email english enterprise europe express family feedback financial first foreclosure
    foundstone free freebsd french friend friends games gamasutra general gift global gnome good google green
    group guide hat health help hgh home hotel house ibm inc india info information inn insider institute
    insurance internet investor ireland irish isa iso17799 java javascript job jobs journal lab labs lake list
    lists linux live loan local lockergnome lottery low ltc ltd mac mail mailer mailing manager manual market
    marketing media member members message microsoft mlm money mortgage mozilla mrs music nessus net netscape
    network networks new news newsletter north notify ntk now object office offer offers old online open oracle
    order organization patch perl petite phone post powerball press prime privacy pro product products
    professional project python quality quicktime quote rate rates red reg register registration reply report
    reports research reviews roi roster rpm sales school science secure security server service services shop
    shopper site smart software solutions source spam special specialist sports staff store sun sunday super
    support survey system systems team tech techno technology the thu ticket times today top travel university
    unix unspun update updates usa user users value view virtual washington web webmaster weekly windows wired
    wireless work world xenical yahoo your zdnet
    don""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words in lower case: ``names`` of persons, and ``words`` that a text also writes small."""

    names: frozenset[str]
    words: frozenset[str]

    def mask(self, text: str) -> str:
        """``text`` with masks such as ``[email]`` and ``[name]``; line ends stay."""
        for pattern, replacement in PATTERNS:
            text = pattern.sub(replacement, text)
        text = TITLED.sub(r"\1 [name]", text)
        text = GREETED.sub(r"\1[name]", text)
        text = PRESENTED.sub(r"\1[name]", text)
        text = re.sub(r"[^\W\d_][\w\u2019]*(?:'s)?", self._hidden, text)
        text = FOLLOWED.sub(self._hidden_after, text)
        return REPEATED.sub(r"\1", text)

    def _hidden(self, match: re.Match[str]) -> str:
        word = match.group()
        plain = word.removesuffix("'s")
        shout = plain.isupper() and len(plain) <= 4  # DVD, PGP, IRC
        if word[0].isupper() and not shout and plain.lower() in self.names:
            return "[name]" + word[len(plain) :]
        return word

    def _hidden_after(self, match: re.Match[str]) -> str:
        """A family name: follows a name, and is no word or place that the texts know."""
        word = match[2].lower()
        return match[1] if word not in self.words and word not in NOT_NAMES else match.group()


def learn(headers: Iterable[str], bodies: Iterable[str]) -> Lexicon:
    """From display names of two or three words such as ``"Jane B. Doe" <jane@...>``, less what texts write small."""
    found: Counter[str] = Counter()
    for header in headers:
        words = [word.strip(".,\"'()") for word in re.sub(r"<[^>]*>|\[[^\]]*\]", " ", header).split()]
        if 2 <= len(words) <= 3 and all(re.fullmatch(r"[^\W\d_][\w'\u2019-]*", word) for word in words):
            found.update(word.lower() for word in words if len(word) > 2)
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for body in bodies:
        for word in re.findall(r"[^\W\d_]{3,}", body):
            (small if word.islower() else large)[word.lower()] += 1
    named = {word for word in found if small[word] <= 0.5 * large[word]}
    return Lexicon(frozenset((named | FIRST_NAMES) - NOT_NAMES), frozenset(small))
