import json

import pytest

from pointsman import route
from pointsman.config.load import load
from pointsman.errors import ConfigError, RouteError
from pointsman.terms import Slot

PROVIDER = {
    "name": "Local",
    "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
    "models": ["coder", "Big,one", "thinker"],
    "parameters": {"coder": {"temperature": 0.0}},
}
REMOTE = {
    "name": "remote",
    "api_base_url": "https://example.com/v1/messages",
    "api_key": "sk-1",
    "models": ["claude-sonnet-5"],
}
WIDE = 220_001 * 4


@pytest.fixture
def choose(tmp_path):
    def choose(slot=Slot.QUICK_EDIT, size=100, model="", outage=lambda _: "", bytes_of=lambda _: 3.5, **data):
        path = tmp_path / "config.json"
        path.write_text(json.dumps({"Providers": [PROVIDER, REMOTE], **data}))
        path.chmod(0o600)
        loaded = load(path, environ={})
        return route.choose(slot, size, loaded, task="t1", model=model, outage=outage, bytes_of=bytes_of)

    return choose


def router(**slots):
    return {"default": "local,coder", **slots}


def test_a_lease_has_all_that_decides_who_answers(choose):
    lease = choose(Router=router(quickEdit="remote,claude-sonnet-5"), PROXY_URL="proxy.example:3128")
    assert (lease.task, lease.slot, lease.name) == ("t1", Slot.QUICK_EDIT, "remote,claude-sonnet-5")
    assert (lease.wire, lease.url, str(lease.key)) == ("anthropic-messages", REMOTE["api_base_url"], "sk-1")
    assert lease.parameters == {"max_tokens": 8000, "thinking": {"type": "disabled"}}
    assert lease.proxy == "http://proxy.example:3128"
    assert lease.why == "Router.quickEdit names it."
    assert "sk-1" not in repr(lease)


def test_an_empty_slot_takes_the_default(choose):
    lease = choose(Slot.REFACTOR, Router=router())
    assert lease.name == "Local,coder"
    assert lease.why == "Router.refactor is empty, so Router.default answers."
    assert lease.parameters["temperature"] == 0.0


@pytest.mark.parametrize(("weight", "slot"), [(1.9, Slot.LONG_CONTEXT), (2.1, Slot.REFACTOR)])
def test_how_wide_material_is_goes_by_the_tokens_of_the_model_that_would_answer(choose, weight, slot):
    weights = {"local,coder": weight, "Local,coder": weight}
    routes = router(longContext="local,thinker")
    lease = choose(Slot.REFACTOR, 440_000, Router=routes, bytes_of=lambda name: weights.get(name, 7.0))
    assert lease.slot is slot
    assert lease.bytes_per_token == (7.0 if slot is Slot.LONG_CONTEXT else weight)


def test_wide_material_starts_on_the_long_context(choose):
    lease = choose(Slot.REFACTOR, WIDE, Router=router(longContext="local,big,one"))
    assert (lease.slot, lease.model) == (Slot.LONG_CONTEXT, "Big,one")
    assert "longContextThreshold (220000)" in lease.why
    assert choose(Slot.REFACTOR, WIDE // 2, Router=router(longContext="local,big,one")).slot is Slot.REFACTOR
    assert "but Router.longContext is empty" in choose(size=WIDE, Router=router()).why


def test_a_model_that_was_named_wins(choose):
    lease = choose(size=WIDE, model=" LOCAL , big,one", Router=router(longContext="local,thinker"))
    assert (lease.name, lease.why) == ("Local,Big,one", "You named it.")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("local,other", "Local has no model 'other'."),
        ("other,coder", "There is no provider 'other'."),
        ("local", "Local has no model ''."),
    ],
)
def test_a_model_that_is_not_there_is_never_guessed(choose, model, message):
    with pytest.raises(RouteError) as caught:
        choose(model=model, Router=router())
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize("model", ["", "local,coder"])
def test_a_default_that_is_not_in_models_refuses_everything(choose, model):
    with pytest.raises(ConfigError, match="'x' is not in the `models`") as caught:
        choose(model=model, Router={"default": "local,x", "quickEdit": "local,coder"})
    assert "coder" in caught.value.hint


def test_a_broken_slot_or_provider_refuses_only_its_own(choose):
    unset = {**REMOTE, "name": "unset", "api_key": "$NOT_SET_ANYWHERE"}
    data = {"Providers": [PROVIDER, unset], "Router": router(refactor="local,x", webSearch="unset,claude-sonnet-5")}
    assert choose(**data).model == "coder"
    with pytest.raises(ConfigError, match="'x' is not in"):
        choose(Slot.REFACTOR, **data)
    with pytest.raises(ConfigError, match="NOT_SET_ANYWHERE"):
        choose(Slot.WEB_SEARCH, **data)
    with pytest.raises(ConfigError, match="NOT_SET_ANYWHERE"):
        choose(model="unset,claude-sonnet-5", **data)


def test_a_remote_provider_without_a_key_is_refused_and_a_local_one_is_not(choose):
    keyless = {**REMOTE, "api_key": ""}
    with pytest.raises(ConfigError, match="remote has no key"):
        choose(Providers=[PROVIDER, keyless], Router=router(quickEdit="remote,claude-sonnet-5"))
    assert choose(Providers=[PROVIDER, keyless], Router=router()).key == ""


def test_nothing_configured_says_how_to_begin(choose):
    with pytest.raises(RouteError, match="No model is configured") as caught:
        choose(Providers=[])
    assert "pointsman init" in caught.value.hint
    assert "pointsman demo" in caught.value.hint


def test_no_route_at_all_is_named(choose):
    with pytest.raises(RouteError, match=r"Neither Router\.quickEdit nor Router\.default"):
        choose(Router={"refactor": "local,coder"})


def test_the_projects_own_fixers_need_nothing(choose):
    lease = choose(model="builtin,fixers", Providers=[], Router={"default": "wrong"})
    assert (lease.name, lease.wire, lease.url) == ("builtin,fixers", "builtin", "")
    assert choose(Providers=[], Router={"quickEdit": "builtin,fixers"}).name == "builtin,fixers"


def test_a_fallback_answers_only_for_an_outage_and_says_so(choose):
    data = {"Router": router(), "fallback": {"quickEdit": ["remote,claude-sonnet-5", "local,thinker"]}}
    down = {"Local,coder": "three failures", "remote,claude-sonnet-5": "429"}
    assert choose(**data).model == "coder"
    lease = choose(outage=lambda lease: down.get(lease.name, ""), **data)
    assert lease.name == "Local,thinker"
    assert lease.why == "fallback.quickEdit answers, for Local,coder is out of order: three failures"


@pytest.mark.parametrize(("model", "fallback"), [("", {}), ("local,coder", {"quickEdit": ["local,thinker"]})])
def test_an_outage_without_a_fallback_is_said(choose, model, fallback):
    with pytest.raises(RouteError, match=r"Local,coder is out of order: it is down") as caught:
        choose(model=model, outage=lambda _: "it is down", Router=router(), fallback=fallback)
    assert "fallback.quickEdit" in caught.value.hint


SEARCHING = {
    "name": "or",
    "api_base_url": "https://openrouter.ai/api/v1/chat/completions",
    "api_key": "sk-2",
    "models": ["vendor/m"],
}


def test_a_lookup_has_the_model_search(choose):
    lease = choose(Slot.WEB_SEARCH, Providers=[PROVIDER, SEARCHING], Router=router(webSearch="or,vendor/m"))
    assert lease.search
    assert lease.parameters["tools"] == [{"type": "openrouter:web_search"}]
    assert not choose(Slot.DEFAULT, Providers=[SEARCHING], Router={"default": "or,vendor/m"}).search


@pytest.mark.parametrize("slots", [{}, {"webSearch": "local,thinker"}])
def test_a_model_that_cannot_search_is_never_asked_to(choose, slots):
    with pytest.raises(RouteError, match="cannot search the web") as caught:
        choose(Slot.WEB_SEARCH, Router=router(**slots))
    assert "Router.webSearch" in caught.value.hint


def test_a_lookup_of_much_material_still_searches(choose):
    data = {"Providers": [PROVIDER, SEARCHING], "Router": router(longContext="or,vendor/m", webSearch="local,coder")}
    lease = choose(Slot.WEB_SEARCH, WIDE, **data)
    assert (lease.slot, lease.search) == (Slot.LONG_CONTEXT, True)


def test_a_search_that_the_user_set_up_is_taken(choose):
    local = {**PROVIDER, "parameters": {"coder": {"tools": [{"type": "search"}]}}}
    lease = choose(Slot.WEB_SEARCH, Providers=[local], Router=router())
    assert (lease.search, lease.parameters["tools"]) == (True, [{"type": "search"}])
