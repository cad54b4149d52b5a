from baiye.visits.codes import LENGTH, LETTERS, fresh_code


def test_fresh_code_is_short_and_has_no_letter_that_looks_like_another():
    code = fresh_code(set())

    assert len(code) == LENGTH == 6
    assert set(code) <= set(LETTERS)
    assert set(LETTERS) & set("01258BILOSVZ") == set()


def test_fresh_code_never_repeats_one_that_is_taken():
    taken: set[str] = set()

    codes = [fresh_code(taken) for _ in range(500)]

    assert len(set(codes)) == 500
    assert taken == set(codes)


def test_fresh_code_draws_again_when_it_hits_a_taken_one(monkeypatch):
    letters = iter("AAAAAA" + "AAAAAC")
    monkeypatch.setattr("baiye.visits.codes.secrets.choice", lambda _letters: next(letters))

    assert fresh_code({"AAAAAA"}) == "AAAAAC"
