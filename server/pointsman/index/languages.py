"""The languages we know: a row each, and a tag query in `queries/`.

A row names the grammar's wheel, the files it is for, and what a parser does not tell: which words are no names, how
tests are named. Grammars are loaded when a file first needs them, so that a server start costs nothing.

A query may use these captures, and only these:

    @definition.KIND   a thing with a name, and @name inside of it
    @scope             a block that lends its @name to what is inside, but defines nothing (Rust's `impl`)
    @owner             the name of what a definition outside of its class belongs to (Go's receiver)
    @import            what an import names, as written; a @module in the same match goes before it
    @entry, @test      on a @name: a place where the program starts, a test
    @ignore            text without names in it: comments and the words of strings

Patterns below the line "Only at the top of a file" are for the top alone; where that line goes on with "and in KINDS",
also for what lies in such nodes of the top: a header's declarations lie in its include guard.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tree_sitter


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One row of the table, equal to itself alone: it is the key of caches that each keystroke asks.

    `reserved` are its reserved words, `test_files` and `test_names` are patterns for paths and for function names,
    `test_marks` a pattern for the attribute above a test. `comment` starts a line comment. `exact` tells that the
    grammar knows the whole language, so that an error node is surely a mistake of the author's. `sigil` tells that `$`
    starts each variable and is no part of its name. A language that is not `code` has keys and rules, which nobody
    refers to by name.
    """

    name: str
    suffixes: tuple[str, ...]
    reserved: str = ""
    module: str = ""
    factory: str = "language"
    query: str = ""
    filenames: tuple[str, ...] = ()
    test_files: str = ""
    test_names: str = ""
    test_marks: str = ""
    comment: tuple[str, ...] = ("//",)
    exact: bool = True
    sigil: bool = False
    code: bool = True


_JS_RESERVED = (
    "as async await break case catch class const continue debugger default delete do else enum export extends false "
    "finally for from function if implements import in instanceof interface let new null of package private protected "
    "public return static super switch this throw true try typeof undefined var void while with yield"
)
_TS_RESERVED = _JS_RESERVED + (
    " abstract any boolean declare infer is keyof module namespace never number readonly string type unknown"
)
_JS_TESTS = r"(^|/)(__tests__|__mocks__|tests?|e2e)/|[._-](test|spec|e2e)\.\w+$"
_JVM_TESTS = r"(^|/)(test|androidTest|commonTest)/|(Tests?|IT|Spec)\.\w+$"
_C_RESERVED = (
    "break case char const continue default define defined do double else endif enum extern float for goto if ifdef "
    "ifndef include inline int long register return short signed sizeof static struct switch typedef union unsigned "
    "void volatile while"
)
_C_TESTS = r"(^|/)tests?/|(^|/)test_[^/]*$|_(unit)?tests?\.\w+$"

LANGUAGES: tuple[Language, ...] = (
    Language(
        "python",
        (".py", ".pyi", ".pyw"),
        "False None True and as assert async await break class continue def del elif else except finally for from "
        "global if import in is lambda nonlocal not or pass raise return self try while with yield",
        test_files=r"(^|/)(tests?|testing)/|(^|/)test_[^/]*\.py$|_test\.py$|(^|/)conftest\.py$",
        test_names=r"test",
        comment=("#",),
    ),
    Language(
        "typescript",
        (".ts", ".mts", ".cts"),
        _TS_RESERVED,
        "tree_sitter_typescript",
        "language_typescript",
        test_files=_JS_TESTS,
    ),
    Language(
        "tsx",
        (".tsx",),
        _TS_RESERVED,
        "tree_sitter_typescript",
        "language_tsx",
        query="typescript",
        test_files=_JS_TESTS,
    ),
    Language("javascript", (".js", ".jsx", ".mjs", ".cjs"), _JS_RESERVED, test_files=_JS_TESTS),
    Language(
        "go",
        (".go",),
        "any bool break byte case chan const continue default defer else error fallthrough false for func go goto if "
        "import int int32 int64 interface len make map nil package range return select string struct switch true type "
        "uint64 var",
        test_files=r"_test\.go$|(^|/)testdata/",
        test_names=r"(Test|Benchmark|Example|Fuzz)([^a-z]|$)",
    ),
    Language(
        "rust",
        (".rs",),
        "Err None Ok Self Some as async await bool break const continue crate dyn else enum extern false fn for i32 "
        "if impl in let loop match mod move mut pub ref return self static str struct super trait true type u32 u64 u8 "
        "unsafe use usize where while",
        test_files=r"(^|/)(tests|benches)/|(^|/)tests?\.rs$",
        test_marks=r"#\[[\w:]*\b(test|bench|rstest|proptest)\b",
    ),
    Language(
        "java",
        (".java",),
        "abstract boolean break byte case catch char class continue default do double else enum extends final finally "
        "float for if implements import instanceof int interface long native new null package private protected public "
        "record return short static super switch synchronized this throw throws transient true false try var void "
        "volatile while",
        test_files=_JVM_TESTS,
        test_marks=r"@(\w*Test|Benchmark)\b",
    ),
    Language("c", (".c", ".h"), _C_RESERVED, test_files=_C_TESTS, exact=False),
    Language(
        "cpp",
        (".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".ipp", ".inl", ".tpp", ".cppm", ".cu", ".cuh"),
        _C_RESERVED
        + " auto bool catch class const_cast constexpr decltype delete dynamic_cast explicit false friend mutable "
        "namespace new noexcept nullptr operator override private protected public reinterpret_cast static_cast "
        "template this throw true try typeid typename using virtual",
        test_files=_C_TESTS,
        exact=False,
    ),
    Language(
        "c_sharp",
        (".cs",),
        "abstract as async await base bool break byte case catch char class const continue decimal default delegate do "
        "double else enum event explicit extern false finally float for foreach get if implicit in int interface "
        "internal is lock long namespace new null object out override params private protected public readonly ref "
        "return sealed set short static string struct switch this throw true try typeof uint using value var virtual "
        "void where while yield",
        test_files=r"(^|/)[^/]*\.?Tests?/|Tests?\.cs$",
        test_marks=r"\[(Fact|Theory|Test\w*|Benchmark)\b",
        exact=False,
    ),
    Language(
        "ruby",
        (".rb", ".rake", ".gemspec", ".ru", ".podspec"),
        "BEGIN END alias and begin break case class def defined do else elsif end ensure false for if in module next "
        "nil not or redo rescue retry return self super then true undef unless until when while yield",
        filenames=("Rakefile", "Gemfile", "Vagrantfile", "Guardfile", "Podfile", "Fastfile", "Brewfile"),
        test_files=r"(^|/)(test|spec)/|_(test|spec)\.rb$",
        test_names=r"test_",
        comment=("#",),
        exact=False,
    ),
    Language(
        "php",
        (".php", ".phtml"),
        "abstract and array as break callable case catch class clone const continue declare default do echo else "
        "elseif empty enum extends false final finally fn for foreach function global if implements include "
        "instanceof int interface isset list match namespace new null or parent print private protected public "
        "readonly require require_once return self static string switch this throw trait true try unset use var void "
        "while yield",
        factory="language_php",
        test_files=r"(^|/)[Tt]ests?/|Test\.php$",
        test_names=r"test",
        test_marks=r"#\[Test\b",
        comment=("//", "#"),
        exact=False,
        sigil=True,
    ),
    Language(
        "bash",
        (".sh", ".bash", ".zsh", ".ksh", ".bats"),
        "case declare do done echo elif else esac exit export fi for function if in local readonly return select set "
        "shift then unset until while",
        filenames=(".bashrc", ".bash_profile", ".zshrc", ".profile"),
        test_files=r"\.bats$|(^|/)tests?/",
        comment=("#",),
        exact=False,
        sigil=True,
    ),
    Language("html", (".html", ".htm", ".xhtml"), comment=(), exact=False, code=False),
    Language("css", (".css",), comment=(), exact=False, code=False),
    Language("json", (".json", ".jsonc", ".json5"), "true false null", filenames=(".eslintrc",), code=False),
    Language("yaml", (".yaml", ".yml"), "true false null", comment=("#",), exact=False, code=False),
    Language("toml", (".toml",), "true false", comment=("#",), code=False),
    Language(
        "lua",
        (".lua", ".rockspec"),
        "and break do else elseif end false for function goto if in local nil not or repeat return self then true "
        "until while",
        test_files=r"(^|/)(tests?|spec)/|_(spec|test)\.lua$",
        test_names=r"test",
        comment=("--",),
    ),
    Language(
        "kotlin",
        (".kt", ".kts"),
        "as break by catch class companion const constructor continue data do else enum false finally for fun if "
        "import in init inline interface internal is lateinit null object open operator out override package private "
        "protected public return sealed super suspend this throw true try typealias val var vararg when where while",
        test_files=_JVM_TESTS,
        test_marks=r"@(\w*Test|Benchmark)\b",
        exact=False,
    ),
    Language(
        "swift",
        (".swift",),
        "Any Self any as async await break case catch class continue default defer deinit do else enum extension "
        "fallthrough false fileprivate final for func guard if import in init inout internal is let nil open operator "
        "override private protocol public repeat rethrows return self some static struct subscript super switch throw "
        "throws true try typealias var weak where while",
        test_files=r"(^|/)\w*Tests/|Tests?\.swift$",
        test_names=r"test",
        test_marks=r"@Test\b",
        exact=False,
    ),
    Language(
        "scala",
        (".scala", ".sc", ".sbt"),
        "abstract case catch class def do else enum extends false final finally for given if implicit import lazy "
        "match new null object override package private protected return sealed super then this throw trait true try "
        "type using val var while with yield",
        test_files=r"(^|/)test/|(Test|Spec|Suite)\.scala$",
        exact=False,
    ),
)

_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}
_BY_FILENAME = {name: language for language in LANGUAGES for name in language.filenames}


def of(path: str) -> Language | None:
    """The language of a file, by its name alone; None for one we do not know."""
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return _BY_FILENAME.get(name) or (_BY_SUFFIX.get(dot + suffix.lower()) if stem else None)


_CPP = _BY_SUFFIX[".cpp"]
_SAYS_CPP = re.compile(
    rb"^[ \t]*(class[ \t]+\w|(inline[ \t]+)?namespace\b|template[ \t]*<|using[ \t]+\w|(public|private|protected):)"
    rb"|\w::[\w~]",
    re.MULTILINE,
)


def of_text(path: str, data: bytes) -> Language | None:
    """The same where the text is at hand: a header may be of C or of C++."""
    return _CPP if path.endswith(".h") and _SAYS_CPP.search(data) else of(path)


_TOP = re.compile(r"\n; Only at the top of a file(?:, and in ([\w ]+))?:\n")


@dataclass(frozen=True, slots=True)
class Grammar:
    """A language made ready: compiled once, shared by all files. Parsers are not shared, they hold state.

    `top` is for the root and its children only, and for those of `sections`, which are nodes of these kinds in the root
    or in one another. To name them in a pattern would say the same, but then each query of a few lines would look
    through the whole file, since the root lies everywhere.
    """

    language: "tree_sitter.Language"
    query: "tree_sitter.Query"
    top: "tree_sitter.Query | None"
    sections: frozenset[str] = frozenset()

    def parser(self) -> "tree_sitter.Parser":
        from tree_sitter import Parser

        return Parser(self.language)


@cache
def grammar(language: Language) -> Grammar:
    from tree_sitter import Language as Compiled
    from tree_sitter import Query

    wheel = import_module(language.module or f"tree_sitter_{language.name}")
    compiled = Compiled(getattr(wheel, language.factory)())
    anywhere, kinds, top = (*_TOP.split(query_text(language)), "", "")[:3]
    at_top = Query(compiled, top) if top else None  # even one without patterns would take its time
    return Grammar(compiled, Query(compiled, anywhere), at_top, frozenset((kinds or "").split()))


@cache
def trouble(language: Language) -> str:
    """Why nothing of a language can be read here; empty if all is well. Its grammar is a package of its own."""
    try:
        grammar(language)
    except Exception as error:  # noqa: BLE001 - whatever a broken package does, it costs its language and no more
        return f"the grammar of {language.name} does not load: {error}"
    return ""


def query_text(language: Language) -> str:
    name = f"{language.query or language.name}.scm"
    return (Path(__file__).parent / "queries" / name).read_text("utf-8")


@cache
def reserved(language: Language) -> frozenset[bytes]:
    return frozenset(language.reserved.encode().split())


@cache
def _test_files(language: Language) -> re.Pattern[str] | None:
    return re.compile(language.test_files) if language.test_files else None


def is_test_file(path: str) -> bool:
    """Whether the file's place and name say that it holds tests."""
    language = of(path)
    pattern = _test_files(language) if language else None
    return bool(pattern and pattern.search(path))
