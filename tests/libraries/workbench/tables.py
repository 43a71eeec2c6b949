import pandas
import pyarrow


def frame():
    index = pandas.Index(["x", "y", "z"], name="key")
    return pandas.DataFrame({"city": ["a", None, "c"], "sold": [1, 2, 3], "at": pandas.to_datetime(["2026-01-02"] * 3)}, index=index)


def table(rows):
    return pyarrow.table({"n": list(range(rows)), "text": [str(n) for n in range(rows)]})


def batch():
    return pyarrow.record_batch({"n": [1, 2]})


def reader():
    return pyarrow.RecordBatchReader.from_batches(pyarrow.schema([("n", "int64")]), [])


def column():
    return pyarrow.chunked_array([[1, 2]])


def objects():
    return pandas.DataFrame({"mixed": [object(), 1]})


def kind(value):
    return f"{type(value).__module__}.{type(value).__qualname__}"


def kind_of_frame(value):
    return kind(value)


def same(one, other):
    return bool(one.equals(other))


def total(value):
    return value["n"].to_pylist()
