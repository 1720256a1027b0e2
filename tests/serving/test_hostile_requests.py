"""A sample of the requests of ``benchmarks.hostile``: each is answered in words, and the server goes on."""

from benchmarks._hostile_requests import hostile_requests, measure


def test_a_sample_of_hostile_requests_is_refused_in_words() -> None:
    cases = [*hostile_requests()][::8]

    assert measure(cases) == {"wrong": [], "n_changed": 0}
    assert len(cases) > 70
