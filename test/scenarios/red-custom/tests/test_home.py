def test_greets(live_app):
    assert "Goodbye" in live_app.get().text


def test_answers(live_app):
    assert live_app.get().status == 200
