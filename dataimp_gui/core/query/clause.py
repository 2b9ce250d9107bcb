"""What a WHERE clause means: the parser's tree, checked node by node and written anew as SQL over numbered columns.

Nothing of the clause's own text reaches the database but names and values that were understood: what runs is only
what this module writes for a node that it knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dataimp_gui.core.engine import literal
from dataimp_gui.core.query import functions as f
from dataimp_gui.core.query import slices, terms, words
from dataimp_gui.core.query.naming import Columns
from dataimp_gui.core.query.parsing import OTHERWISE, REFUSED, Ask, Node, parsed, place
from dataimp_gui.core.query.terms import KINDS, Term
from dataimp_gui.errors import QueryError

_HAS: Final = frozenset({"contains", "list_contains", "list_has", "array_contains", "array_has"})


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL of a ``type`` over columns ``c0``, ``c1`` …"""

    sql: str
    type: str


def expression(clause: str, columns: Columns, ask: Ask, used: dict[str, str]) -> Expression:
    """What a clause says about one example, of whatever type; ``used`` gains the columns that it names and their cN.

    Raises QueryError: one sentence, and the place in the clause.
    """
    return _compiled(clause, columns, ask, used, lambda term: term)


def condition(clause: str, columns: Columns, ask: Ask, used: dict[str, str]) -> Expression:
    """`expression`, which must be true or false for each example."""
    return _compiled(clause, columns, ask, used, terms.flag)


def _compiled(
    clause: str, columns: Columns, ask: Ask, used: dict[str, str], finish: Callable[[Term], Term]
) -> Expression:
    try:
        term = finish(_Reader(clause, columns, ask, used).term(parsed(clause, ask, columns.find)))
    except RecursionError:
        raise QueryError("The clause is nested too deep.") from None
    return Expression(term.sql, term.type)


class _Reader:
    """Walks one tree and puts the columns that it meets into ``used``."""

    def __init__(
        self,
        clause: str,
        columns: Columns,
        ask: Ask,
        used: dict[str, str],
        unfolding: slices.Unfolding | None = None,
    ) -> None:
        self._clause = clause
        self._unfolding = unfolding or slices.Unfolding()
        self._columns = columns
        self._ask = ask
        self._used = used

    def term(self, node: Node) -> Term:
        return replace(self._term(node), clause=self._clause, node=node)

    def _term(self, node: Node) -> Term:
        match node["class"]:
            case "COLUMN_REF":
                return self._column(node)
            case "CONSTANT":
                return self._constant(node)
            case "COMPARISON":
                return self._of_slices(node) or self._comparison(node)
            case "CONJUNCTION":
                word = " AND " if node["type"] == "CONJUNCTION_AND" else " OR "
                return Term(f"({word.join(self._flags(node['children']))})", f.FLAG)
            case "BETWEEN":
                value, low, high = self._alike([self.term(node[key]) for key in ("input", "lower", "upper")])
                return Term(f"({value} BETWEEN {low} AND {high})", f.FLAG)
            case "OPERATOR":
                return self._of_slices(node) or self._operator(node)
            case "CASE":
                return self._case(node)
            case "CAST":
                return self._cast(node)
            case "FUNCTION":
                return self._function(node)
        raise self._wrong(REFUSED.get(node["class"], OTHERWISE), node)

    def _column(self, node: Node) -> Term:
        name = ".".join(node["column_names"])
        found = self._columns.find(name)
        if len(found) == 1:
            return Term(self._use(found[0]), self._columns.type(found[0]))
        if found:
            either = " or ".join(words.shown(words.written(each)) for each in found)
            raise self._wrong(f"{words.shown(name)} could be {either}; write it exactly.", node)
        if hint := self._columns.later(name):
            raise self._wrong(f"There is no {words.shown(name)} yet.", node, hint)
        near = words.nearest(name, self._columns.names())
        nearest = f"; the nearest is {words.shown(words.written(near))}." if near else "."
        start, _ = place(self._clause, node)
        hint = f"Text stands in single quotes: '{words.shown(name)}'"
        raise self._wrong(
            f"No column is called {words.shown(name)}{nearest}",
            node,
            hint if not near or self._clause[start : start + 1] == '"' else "",
            words.written(near) if near else "",
        )

    def _of_slices(self, node: Node) -> Term | None:
        """A comparison of ``slice`` with names; an example for which a rule has no answer is not in the slice."""
        asked = slices.asked(self._clause, node, self._columns)
        if asked is None:
            return None
        tests = " OR ".join(f"coalesce({self._slice(name, each)}, FALSE)" for name, each in asked.names)
        return Term(f"(NOT ({tests}))" if asked.out else f"({tests})", f.FLAG)

    def _slice(self, name: str, node: Node) -> str:
        if flag := self._columns.flag(name):
            return self._use(flag)
        rule = self._columns.rule(name)
        if not rule:
            raise slices.unknown(self._clause, name, node, self._columns)
        if wrong := self._unfolding.check(name):
            raise self._wrong(wrong, node)
        self._unfolding.path.append(name)
        self._unfolding.count += 1
        reader = _Reader(rule, self._columns, self._ask, self._used, self._unfolding)
        try:
            return terms.flag(reader.term(parsed(rule, self._ask, self._columns.find))).sql
        except QueryError as error:
            raise self._wrong(
                f"The slice {words.shown(name)} cannot be asked for: {error}", node, error.hint
            ) from error
        finally:
            self._unfolding.path.pop()

    def _operands(self, nodes: Sequence[Node]) -> list[Term]:
        """What is compared; a word that is no column, beside text, is most likely text that lacks its quotes."""
        first = self.term(nodes[0])
        for node in nodes[1:]:
            if first.type == f.TEXT and node["class"] == "COLUMN_REF":
                name = ".".join(node["column_names"])
                if not self._columns.find(name):
                    text = words.shown(literal(name))
                    raise self._wrong(f"No column is called {words.shown(name)}; as text it is written {text}.", node)
        return [first, *(self.term(node) for node in nodes[1:])]

    def _use(self, name: str) -> str:
        return self._used.setdefault(name, f"c{len(self._used)}")

    def _constant(self, node: Node) -> Term:
        text = str(node["literal"]["text"])
        match node["literal"]["kind"]:
            case "STRING":
                return Term(literal(text), f.TEXT, text)
            case "INTEGER" | "NUMERIC":
                if not (sql := terms.number(text)):
                    raise self._wrong(f"{words.shown(text)} is too large for a number.", node)
                return Term(sql, f.NUMBER)
            case "BOOLEAN":
                return Term("TRUE" if text.lower() == "true" else "FALSE", f.FLAG)
            case "NULL_LITERAL":
                return Term("NULL", f.NULL)
        raise self._wrong(OTHERWISE, node)

    def _comparison(self, node: Node) -> Term:
        left, right = self._operands([node["left"], node["right"]])
        operator = f.COMPARISONS.get(node["type"])
        if operator is None:
            raise self._wrong(OTHERWISE, node)
        if f.NULL in (left.type, right.type) and "DISTINCT" not in operator:
            other = right if left.type == f.NULL else left
            raise self._wrong(
                f"Nothing equals NULL; write {other.name} IS {'NOT ' if operator == '<>' else ''}NULL.", node
            )
        first, second = self._alike([left, right])
        return Term(f"({first} {operator} {second})", f.FLAG)

    def _operator(self, node: Node) -> Term:
        kind = node["type"]
        if kind == "OPERATOR_NOT":
            return Term(f"(NOT {self._flags(node['children'])[0]})", f.FLAG)
        found = self._operands(node["children"])
        match kind:
            case "OPERATOR_IS_NULL":
                return Term(f"({found[0].sql} IS NULL)", f.FLAG)
            case "OPERATOR_IS_NOT_NULL":
                return Term(f"({found[0].sql} IS NOT NULL)", f.FLAG)
            case "COMPARE_IN" | "COMPARE_NOT_IN":
                value, *listed = self._alike(found)
                return Term(f"({value} {kind[8:].replace('_', ' ')} ({', '.join(listed)}))", f.FLAG)
            case "OPERATOR_COALESCE":
                return Term(f"coalesce({', '.join(self._alike(found))})", terms.common(found))
        raise self._wrong(OTHERWISE, node)

    def _case(self, node: Node) -> Term:
        tests = self._flags([check["when_expr"] for check in node["case_checks"]])
        results = [self.term(check["then_expr"]) for check in node["case_checks"]]
        results.append(self.term(node["else_expr"]) if node["else_expr"] else Term("NULL", f.NULL))
        *values, otherwise = self._alike(results)
        steps = " ".join(f"WHEN {test} THEN {value}" for test, value in zip(tests, values, strict=True))
        return Term(f"(CASE {steps} ELSE {otherwise} END)", terms.common(results))

    def _cast(self, node: Node) -> Term:
        value, name = self.term(node["child"]), str(node["type_expr"].get("type_name", "")).lower()
        if name not in f.CASTS and value.quoted is not None and place(self._clause, node["child"]) == (-1, 0):
            raise self._wrong(f"Something is missing between {words.shown(name)} and {value.name}.", node)
        if name not in f.CASTS:
            raise self._wrong(f"A clause cannot turn a value into {words.shown(name) or 'that'}.", node)
        kind, sql = f.CASTS[name]
        if value.quoted is not None and kind != f.TEXT:
            return Term(sql.format(terms.fitted(value, kind, self._ask)), kind)
        if value.type != f.NULL and (value.type, kind) not in f.CASTABLE:
            raise self._wrong(f"{value.name} is {KINDS[value.type]} and cannot become {KINDS[kind]}.", node)
        return Term(sql.format(value.sql), kind)

    def _function(self, node: Node) -> Term:
        name, arguments = str(node["function_name"]).lower(), node["arguments"]
        if name in f.AGGREGATES or node["distinct"] or node["filter"] or node["order_bys"]["orders"]:
            raise self._wrong(
                f"A clause looks at one example at a time; {name.removesuffix('_star')} looks at many.", node
            )
        if any(argument["name"] for argument in arguments):
            raise self._wrong("What a function takes has no names here.", node)
        forms = f.FUNCTIONS.get(name, ())
        if node["schema"] or node["catalog"] or not (forms or name in ("list_value", "like_escape", "not_like_escape")):
            near = words.nearest(name, f.names(), closeness=0.75) if name[:1].isalpha() else ""
            nearest = f"; the nearest is {near}." if near else "."
            raise self._wrong(f"A clause has no function {words.shown(name)}{nearest}", node)
        given = [self.term(argument["expression"]) for argument in arguments]
        if name == "list_value":
            listed = [terms.fitted(term, f.TEXT, self._ask) for term in given]
            return Term(f"CAST([{', '.join(listed)}] AS VARCHAR[])", f.LIST)
        if not forms:
            value, pattern = (terms.fitted(term, f.TEXT, self._ask) for term in given[:2])
            word = "LIKE" if name == "like_escape" else "NOT LIKE"
            return Term(f"({value} {word} {pattern} ESCAPE {terms.escape(given[2], given[1])})", f.FLAG)
        if name in _HAS and len(given) == 2 and given[0].type == f.LIST and given[1].quoted is not None:
            return self._tagged(node, given[1].quoted) or self._called(name, forms, given, node)
        return self._called(name, forms, given, node)

    def _tagged(self, node: Node, word: str) -> Term | None:
        """Whether an example has a tag, asked of the tag's own flag instead of a list made for every example."""
        listed = node["arguments"][0]["expression"]
        if listed["class"] != "COLUMN_REF":
            return None
        column = self._columns.tag(word)
        return Term(self._use(column) if column else "FALSE", f.FLAG)

    def _called(self, name: str, forms: Sequence[f.Form], given: Sequence[Term], node: Node) -> Term:
        fitting = [form for form in forms if (form.many and given) or len(form.arguments) == len(given)]
        fitting.sort(key=lambda form: bool(given) and form.arguments[0] != given[0].type)
        if not fitting:
            counts = " or ".join(sorted({str(len(form.arguments)) for form in forms}))
            raise self._wrong(f"{words.shown(name)} takes {counts} values, not {len(given)}.", node)
        first_wrong: QueryError | None = None
        for form in fitting:
            try:
                return self._formed(form, given)
            except QueryError as wrong:
                first_wrong = first_wrong or wrong
        raise first_wrong or self._wrong(OTHERWISE, node)

    def _formed(self, form: f.Form, given: Sequence[Term]) -> Term:
        kinds = form.arguments * len(given) if form.many else form.arguments
        same = [term for term, kind in zip(given, kinds, strict=True) if kind == f.SAME]
        alike = iter(self._alike(same))
        sql = []
        for term, kind in zip(given, kinds, strict=True):
            match kind:
                case f.SAME:
                    sql.append(next(alike))
                case f.PATTERN:
                    sql.append(terms.pattern(term, self._ask))
                case f.PART:
                    sql.append(terms.part(term))
                case _:
                    sql.append(terms.fitted(term, kind, self._ask))
        result = terms.common(same) if form.result == f.SAME else form.result
        return Term(form.sql.format(*sql, all=", ".join(sql)), result)

    def _flags(self, nodes: Sequence[Node]) -> list[str]:
        return [terms.flag(self.term(node)).sql for node in nodes]

    def _alike(self, found: Sequence[Term]) -> list[str]:
        return terms.alike(found, self._ask)

    def _wrong(self, sentence: str, node: Node, hint: str = "", instead: str = "") -> QueryError:
        start, length = place(self._clause, node)
        return QueryError(sentence, hint=hint, start=start, length=length, instead=instead)
