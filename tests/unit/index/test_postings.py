from hypothesis import given, settings
from hypothesis import strategies as st

from pointsman.index import postings
from pointsman.index.postings import Postings, key, keys, unpacked

NAMES = [f"name_{number}" for number in range(12)]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(st.sampled_from(NAMES), unique=True)),
        st.tuples(st.sampled_from(["drop", "lose", "rest"]), st.integers(0, 30)),
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(steps, st.sampled_from([0, 5, 1000]), st.sampled_from([1, 3, 1000]))
def test_like_a_table(made, heap, piece):
    before = postings._HEAP, postings._PIECE
    postings._HEAP, postings._PIECE = heap, piece
    try:
        found, table = Postings(), {}
        for number, (step, what) in enumerate(made):
            if step == "add":
                table[number] = what
                found.add(number, map(key, what))
            elif step == "rest":
                runs = found.rest()
                gone = set(table).difference(sorted(table)[: what or None])
                table = {number: names for number, names in table.items() if number not in gone}
                found = Postings()
                found.wake(runs, set(table) if gone else None)
            elif table:
                chosen = sorted(table)[what % len(table)]
                names = table.pop(chosen)
                found.drop(chosen, [*map(key, names)] if step == "drop" else None)
            having = [sorted(number for number, names in table.items() if name in names) for name in NAMES]
            assert found.counts([*map(key, NAMES)]) == [len(numbers) for numbers in having]
            assert [sorted(found.files(key(name))) for name in NAMES] == having
    finally:
        postings._HEAP, postings._PIECE = before


@given(st.lists(st.text(min_size=1)))
def test_names_travel_as_bytes(names):
    assert list(unpacked(keys(names))) == [key(name) for name in names]
    assert all(0 <= key(name) < 1 << 40 for name in names)


def test_names_that_are_alike_differ():
    names = [f"{word}_{number}" for word in ("get", "set", "handleRequest") for number in range(30_000)]
    assert len(set(map(key, names))) == len(names)
