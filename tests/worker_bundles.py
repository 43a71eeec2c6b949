"""The bundles that the worker's tests serve, written as the analyzer writes them."""


def function(module, name, **entry):
    return {f"workbench.{module}:{name}": entry}


def workbench():
    """The bundle's entry for tests/libraries/workbench, as the analyzer would write it."""
    counter = "workbench.things:Counter"
    methods = {name: {"kind": "method"} for name in ("increment", "itself")}
    classes = {
        counter: {
            "mro": [counter],
            "members": {
                **methods,
                "doubled": {"kind": "property"},
                "value": {"kind": "field"},
                "unit": {"kind": "field"},
                "_hidden": {"kind": "field"},
                "__class__": {"kind": "field"},
                "named": {"kind": "classmethod"},
                "zero": {"kind": "staticmethod"},
            },
        },
        "workbench.things:Shelf": {
            "mro": ["workbench.things:Shelf", "builtins:dict"],
            "members": {"total": {"kind": "method"}, "__len__": {"kind": "method"}},
        },
        "workbench.things:Colour": {
            "mro": ["workbench.things:Colour", "enum:Enum"],
            "members": {"RED": {"kind": "field"}, "BLUE": {"kind": "field"}},
        },
        "workbench.things:Maker": {"mro": ["workbench.things:Maker"]},
        "workbench.things:Gone": {"mro": ["workbench.things:Gone"]},
        "workbench.things:Shape": {"mro": ["workbench.things:Shape"], "is_constructible": False},
    }
    functions = {
        **function("values", "echo"),
        **function("values", "length"),
        **function("values", "add"),
        **function("values", "double", is_async=True),
        **function("values", "fail"),
        **function("values", "fail_together"),
        **function("values", "wait", is_async=True),
        **function("arrays", "counting", stream="generator"),
        **{k: v for name in ("zeros", "filled", "total", "large", "size") for k, v in function("arrays", name).items()},
        **function("arrays", "large_later", is_async=True),
        **{
            k: v
            for name in (
                "frame",
                "table",
                "batch",
                "reader",
                "column",
                "objects",
                "kind",
                "kind_of_frame",
                "same",
                "total",
            )
            for k, v in function("tables", name).items()
        },
        **function("things", "fast"),
        **function("things", "impostor"),
        **function("things", "nothing_of_ours"),
        **function("things", "module"),
        **function("streams", "ticks", stream="async_generator"),
        **{k: v for name in ("count", "forever", "broken", "slow") for k, v in generator(name).items()},
        **{
            k: v
            for name in (
                "leave",
                "crash",
                "system_exit",
                "interrupt",
                "spin",
                "deaf",
                "shout",
                "fork_and_return",
                "chatter",
                "abort",
                "base_exception",
                "deadlock",
                "hold_the_interpreter",
                "leak",
                "held_up",
            )
            for k, v in function("faults", name).items()
        },
    }
    for name in ("patient", "stubborn", "exits", "stops_the_loop"):
        functions |= function("loops", name, is_async=True)
    for name in ("let_go", "left", "own_loop", "unsaid"):
        functions |= function("loops", name)
    for name in (
        "read", "write", "write_temporary", "look_at_parent", "end_parent", "run", "open_socket", "connect_pair",
        "allocate", "leave_the_namespace", "trace", "import_more", "start_thread", "folder",
    ):  # fmt: skip
        functions |= function("reaches", name)
    functions |= function("loops", "pulse", stream="async_generator")
    for name in ("unspeakable", "untouchable", "surrogates", "odd_object", "swallowing"):
        functions |= function("hostile", name)
    symbols = [*classes, *functions, "workbench.values:LIMIT"]
    paths = {symbol.replace(":", "."): symbol for symbol in symbols}
    paths |= {"workbench.Counter": counter, "workbench.Shelf": "workbench.things:Shelf"}
    return {
        "library": "workbench",
        "distribution": "Work-Bench",
        "version": "1.2.3",
        "digest": "ab" * 32,
        "python_version": "3.11",
        "classes": classes,
        "functions": functions,
        "variables": ["workbench.values:LIMIT"],
        "paths": paths,
        "description": description(),
    }


def generator(name):
    return function("streams", name, stream="generator")


def description():
    integer = {"kind": "primitive", "primitive_type": "int"}
    method = {"name": "increment", "docstring": "Adds.", "return_type": integer}
    by = {"name": "by", "type": integer, "default_value": "MQ==", "kind": "positional"}
    return {
        "library_version": "1.2.3",
        "classes": {
            "workbench.Counter": {
                "name": "Counter",
                "python_path": "workbench.Counter",
                "docstring": "Counts.",
                "methods": [{**method, "parameters": [by]}],
            }
        },
        "functions": {
            "workbench.values.echo": {"name": "echo", "python_path": "workbench.values.echo", "docstring": "Same."},
            "workbench.streams.count": {"name": "count", "python_path": "workbench.streams.count"},
        },
        "submodule_paths": ["workbench", "workbench.streams", "workbench.things", "workbench.values"],
        "modules": {"workbench": {"path": "workbench", "docstring": "A library."}},
        "schema_version": 1,
    }


def jinja2():
    template = "jinja2.environment:Template"
    return {
        "library": "jinja2",
        "distribution": "Jinja2",
        "version": "3.1.6",
        "digest": "cd" * 32,
        "python_version": "3.11",
        "classes": {
            template: {
                "mro": [template],
                "members": {
                    "render": {"kind": "method"},
                    "generate": {"kind": "method", "stream": "generator"},
                    "render_async": {"kind": "method", "is_async": True},
                    "generate_async": {"kind": "method", "stream": "async_generator"},
                    "is_up_to_date": {"kind": "property"},
                    "environment_class": {"kind": "field"},
                },
            }
        },
        "functions": {"jinja2.filters:do_upper": {}},
        "variables": ["jinja2.defaults:BLOCK_START_STRING"],
        "paths": {
            "jinja2.Template": template,
            "jinja2.environment.Template": template,
            "jinja2.filters.do_upper": "jinja2.filters:do_upper",
            "jinja2.defaults.BLOCK_START_STRING": "jinja2.defaults:BLOCK_START_STRING",
        },
        "description": {},
    }
