"""Descriptors written by hand, for tests of what is made from them."""

from pybridge.model.callables import Binding, Function, Parameter, Signature, StreamKind
from pybridge.model.classes import Class, ClassKind, Constructor, ConstructorOrigin, EnumMember, Field, Property
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.library import LibraryDescriptor, Module, Target, TypeAlias, Variable
from pybridge.model.names import ModuleName, PublicPath, SourceText, SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    Union,
)

EVIDENCE = Evidence(tier=Tier.ANNOTATION, confidence=Confidence.HIGH)
POSITIONAL_ONLY = ParameterKind.POSITIONAL_ONLY
KEYWORD_ONLY = ParameterKind.KEYWORD_ONLY
REST = ParameterKind.VAR_POSITIONAL
KEYWORDS = ParameterKind.VAR_KEYWORD


def named(path: str, *arguments: TypeExpr) -> Named:
    return Named(path=SymbolPath(path if ":" in path else f"builtins:{path}"), arguments=arguments)


INT, FLOAT, STR, BOOL, BYTES = (named(name) for name in ("int", "float", "str", "bool", "bytes"))
ANY, NONE = AnyType(), NoneType()


def optional(expr: TypeExpr) -> Union:
    return Union(members=(expr, NONE))


def texts(*values: str) -> Literal:
    return Literal(values=tuple(LiteralValue(kind=LiteralKind.STR, text=value) for value in values))


def claim(expr: TypeExpr) -> TypeClaim:
    return TypeClaim(expr=expr, evidence=EVIDENCE)


def parameter(
    name: str,
    expr: TypeExpr = ANY,
    *,
    kind: ParameterKind = ParameterKind.POSITIONAL_OR_KEYWORD,
    default: str | None = None,
    value: LiteralValue | None = None,
    description: str | None = None,
) -> Parameter:
    return Parameter(
        name=name,
        kind=kind,
        type=claim(expr),
        is_required=default is None and kind not in {REST, KEYWORDS},
        default=None if default is None else SourceText(default),
        default_value=value,
        description=description,
    )


def signature(*parameters: Parameter, returns: TypeExpr = NONE) -> Signature:
    return Signature(parameters=parameters, returns=claim(returns))


def function(
    path: str,
    *signatures: Signature,
    binding: Binding = Binding.INSTANCE,
    items: TypeExpr | None = None,
    docstring: str | None = None,
    public: tuple[str, ...] = (),
    deprecated: str | None = None,
) -> Function:
    return Function(
        path=SymbolPath(path),
        name=path.rpartition(":")[2].rpartition(".")[2],
        binding=binding,
        signatures=signatures or (signature(),),
        stream=StreamKind.NONE if items is None else StreamKind.GENERATOR,
        yields=None if items is None else claim(items),
        docstring=docstring,
        deprecated=deprecated,
        public_paths=tuple(PublicPath(one) for one in public),
    )


def klass(
    path: str,
    *methods: Function,
    public: tuple[str, ...] = (),
    mro: tuple[str, ...] = (),
    kind: ClassKind = ClassKind.PLAIN,
    create: tuple[Signature, ...] = (signature(),),
    properties: tuple[Property, ...] = (),
    fields: tuple[Field, ...] = (),
    enum_members: tuple[EnumMember, ...] = (),
    nested: tuple[Class, ...] = (),
    docstring: str | None = None,
    is_abstract: bool = False,
) -> Class:
    return Class(
        path=SymbolPath(path),
        name=path.rpartition(":")[2].rpartition(".")[2],
        kind=kind,
        mro=tuple(SymbolPath(one) for one in (path, *mro)),
        constructor=Constructor(
            origin=ConstructorOrigin.INIT if create else ConstructorOrigin.UNKNOWN, signatures=create
        ),
        methods=methods,
        properties=properties,
        fields=fields,
        enum_members=enum_members,
        nested_classes=nested,
        docstring=docstring,
        is_abstract=is_abstract,
        public_paths=tuple(PublicPath(one) for one in public),
    )


def prop(path: str, expr: TypeExpr, *, is_readonly: bool = True) -> Property:
    name = path.rpartition(".")[2]
    return Property(path=SymbolPath(path), name=name, type=claim(expr), is_readonly=is_readonly)


def field(path: str, expr: TypeExpr, *, is_class_variable: bool = False) -> Field:
    name = path.rpartition(".")[2]
    return Field(path=SymbolPath(path), name=name, type=claim(expr), is_class_variable=is_class_variable)


def variable(path: str, expr: TypeExpr, *public: str) -> Variable:
    name = path.rpartition(":")[2]
    return Variable(
        path=SymbolPath(path), name=name, type=claim(expr), public_paths=tuple(PublicPath(one) for one in public)
    )


def module(name: str, **parts: object) -> Module:
    return Module(name=ModuleName(name), **parts)  # type: ignore[arg-type]  # each test names the parts it needs


def library(name: str, *modules: Module, version: str | None = "3.4.1") -> LibraryDescriptor:
    return LibraryDescriptor(
        name=name,
        roots=(ModuleName(name),),
        version=version,
        target=Target(python_version="3.11", platform="linux"),
        modules=modules,
    )


def fakelib() -> LibraryDescriptor:
    """The library of the runtime's contract: every kind of member, parameter and stream once."""
    return library("fakelib", _predict_module(), _text_module(), _top_module(), _primitives_module())


def _predict_module() -> Module:
    home = "fakelib.predict.predict:Predict"
    number = LiteralValue(kind=LiteralKind.FLOAT, text="0.0")
    predict = klass(
        home,
        function(
            f"{home}.__call__",
            signature(parameter("kwargs", kind=KEYWORDS), returns=named("fakelib.primitives:Prediction")),
            docstring="Runs the predictor.",
        ),
        function(
            f"{home}.stream",
            signature(
                parameter("n", INT),
                parameter("delay", FLOAT, default="0.0", value=number),
                parameter("fail_at", INT, default="-1"),
                returns=named("typing:Iterator", named("dict", STR, ANY)),
            ),
            items=named("dict", STR, ANY),
            docstring="Yields `n` chunks.",
        ),
        function(
            f"{home}.get",
            signature(parameter("key", STR), returns=STR),
            signature(parameter("key", INT), returns=FLOAT),
        ),
        function(
            f"{home}.from_dict",
            signature(parameter("data", named("dict", STR, ANY)), returns=SelfType()),
            binding=Binding.CLASS,
        ),
        function(
            f"{home}.load",
            signature(
                parameter("path", STR, description="Where it was saved."),
                parameter("allow_pickle", BOOL, kind=KEYWORD_ONLY, default="False", description="Trust the file."),
            ),
            docstring="Load the saved module from `path`.\n\nArgs:\n    path: Where it was saved.\n"
            "    allow_pickle: Trust the file.\n\nRaises:\n    OSError: it cannot be read.\n",
        ),
        function(f"{home}.end", signature(parameter("nil", optional(INT), default="None"), returns=STR)),
        function(f"{home}.__len__", signature(returns=INT)),
        function(f"{home}._hidden"),
        public=("fakelib.Predict", "fakelib.predict.Predict"),
        create=(
            signature(
                parameter("signature", STR, description="The input/output signature describing the task."),
                parameter(
                    "callbacks", optional(named("list", ANY)), default="None", description="For instrumentation."
                ),
                parameter("temperature", FLOAT, kind=KEYWORD_ONLY, default="0.0", value=number),
                parameter("mode", texts("fast", "best"), kind=KEYWORD_ONLY, default='"fast"'),
                parameter("config", ANY, kind=KEYWORDS),
            ),
        ),
        properties=(prop(f"{home}.temperature", FLOAT, is_readonly=False),),
        fields=(field(f"{home}.VERSION", STR, is_class_variable=True),),
        docstring="Maps inputs to outputs using a language model.",
    )
    chain = klass(
        "fakelib.predict.chain:ChainOfThought",
        function("fakelib.predict.chain:ChainOfThought.think", signature(parameter("about", named(home)), returns=STR)),
        public=("fakelib.ChainOfThought",),
        mro=("fakelib.predict.chain:_Base", home),
    )
    base = klass(
        "fakelib.predict.chain:_Base", function("fakelib.predict.chain:_Base.reason", signature(returns=BYTES))
    )
    return module("fakelib.predict", classes=(predict, base, chain))


def _text_module() -> Module:
    low, high = (LiteralValue(kind=LiteralKind.FLOAT, text=text) for text in ("0.0", "1.0"))
    clamp = signature(
        parameter("value", FLOAT, kind=POSITIONAL_ONLY),
        parameter("low", FLOAT, kind=POSITIONAL_ONLY, default="0.0", value=low),
        parameter("high", FLOAT, kind=POSITIONAL_ONLY, default="1.0", value=high),
        returns=FLOAT,
    )
    join = signature(
        parameter("first", STR, kind=POSITIONAL_ONLY),
        parameter("parts", STR, kind=REST),
        parameter("separator", STR, kind=KEYWORD_ONLY, default='" "'),
        returns=STR,
    )
    words = signature(parameter("text", STR), returns=named("typing:Iterator", STR))
    free = Binding.FUNCTION
    return module(
        "fakelib.text",
        docstring="Text, cut and joined.",
        functions=(
            function("fakelib.text:clamp", clamp, binding=free, public=("fakelib.text.clamp",)),
            function(
                "fakelib.text:join", join, binding=free, public=("fakelib.text.join",), docstring="Joins the parts."
            ),
            function("fakelib.text:words", words, binding=free, public=("fakelib.text.words",), items=STR),
        ),
        variables=(variable("fakelib.text:ALPHABET", STR, "fakelib.text.ALPHABET"),),
    )


def _top_module() -> Module:
    lm = Alias(path=SymbolPath("fakelib:ModelName"))
    configure = signature(parameter("lm", optional(lm), kind=KEYWORD_ONLY, default="None"))
    return module(
        "fakelib",
        docstring="A library that is not there.",
        functions=(
            function(
                "fakelib:configure",
                configure,
                binding=Binding.FUNCTION,
                public=("fakelib.configure",),
                docstring="Sets the defaults of this session.",
                deprecated="use settings",
            ),
        ),
        type_aliases=(TypeAlias(path=SymbolPath("fakelib:ModelName"), name="ModelName", target=STR),),
    )


def _primitives_module() -> Module:
    home = "fakelib.primitives:Prediction"
    long = Union(
        members=(
            named("dict", STR, named("list", Tuple(items=(INT, FLOAT, named(home))))),
            named("list", named("dict", STR, named("set", INT))),
            texts("everything", "nothing at all", "utf-8"),
            NONE,
        )
    )
    nested = klass(f"{home}.Score", public=(), fields=(field(f"{home}.Score.value", FLOAT),))
    return module(
        "fakelib.primitives",
        classes=(
            klass(
                home,
                function(f"{home}.merge", signature(parameter("others", long), returns=long)),
                function(f"{home}.__iter__", signature(returns=named("typing:Iterator", STR))),
                public=("fakelib.Prediction",),
                create=(),
                nested=(nested,),
            ),
            klass(
                "fakelib.primitives:Mode",
                public=("fakelib.Mode",),
                kind=ClassKind.ENUM,
                create=(signature(parameter("value", STR)),),
                enum_members=(EnumMember(name="FAST"), EnumMember(name="BEST")),
            ),
        ),
    )
