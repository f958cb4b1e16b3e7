def check_home(live_app):
    assert live_app.get().status == 200
