"""A turn against a real server: what is sent, what is kept open, what is closed, what is never shown."""

import asyncio
import contextlib
import logging
import traceback
from dataclasses import replace

import pytest

from pointsman.cli.demo.provider import HANGUP, Reply, ScriptedProvider
from pointsman.errors import AuthError, BadReply, ProviderError, Refused, Unavailable
from pointsman.models import wires
from pointsman.models.openai_chat import OpenAIChat
from pointsman.terms import Delta, End, Message, Request
from support.dialogue import KEY, LIVELY, lease, model, request, turn
from support.faults import ANSWER, DONE, STOP, WHOLE, said, steps
from support.ports import free_port
from support.wire_faults import chunked


def echo(asked):
    return Reply(f"You said: {asked.last}", reasoning="Well.")


async def test_answer_usage_and_served_model():
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        got = await turn(speaker, request(lease(provider.url), "Fix it, please."))
        await speaker.aclose()
    assert (got.text, got.reasoning) == ("You said: Fix it, please.", "Well.")
    assert got.end.finish == "stop"
    assert got.end.served == "vendor/coder-1"
    assert (got.end.usage.prompt, got.end.usage.completion) == (3, 6)
    assert got.pieces == 3


async def test_parameters_are_merged_and_cannot_change_the_dialogue():
    asked = {"temperature": 0, "stop": None, "stream": False, "model": "other", "messages": [], "stream_options": None}
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        held = lease(provider.url, parameters=asked)
        messages = (
            Message("system", "Be brief."),
            Message("user", "a"),
            Message("assistant", "b"),
            Message("user", "c"),
        )
        await turn(speaker, Request(held, messages, request(held).context, None))
        await speaker.aclose()
    (sent,) = provider.requests
    assert sent.body == {
        "model": "vendor/coder-1",
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "stream": True,
        "temperature": 0,
    }


async def test_key_in_the_header_or_no_header():
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        await turn(speaker, request(lease(provider.url)))
        await turn(speaker, request(lease(provider.url, key="")))
        await speaker.aclose()
    assert [sent.headers.get("authorization") for sent in provider.requests] == [f"Bearer {KEY}", None]


async def test_turns_share_a_connection_and_connect_opens_it():
    async with ScriptedProvider(echo) as provider:
        speaker = wires()["openai-chat"]()
        held = lease(provider.url)
        await speaker.connect(held)
        assert (provider.connections, provider.requests) == (1, [])
        for _ in range(3):
            await turn(speaker, request(held))
        assert provider.connections == 1
        await speaker.aclose()


@pytest.mark.parametrize(
    "extra",
    [
        chunked(said("a wrong answer") + STOP + DONE),
        b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
async def test_what_came_behind_an_answer_is_not_the_next_one(extra):
    whole = steps(chunked(WHOLE) + b"0\r\n\r\n" + extra, bare=True)
    async with ScriptedProvider(lambda _: whole) as provider:
        speaker = model(OpenAIChat())
        answers = [(await turn(speaker, request(lease(provider.url)))).text for _ in range(3)]
        await speaker.aclose()
    assert answers == [ANSWER] * 3
    assert provider.connections == 3


async def test_a_kept_connection_that_broke_is_replaced_at_once():
    """Without a retry: nobody waits because the other side had closed what was kept."""
    seen = set()

    def once(asked):
        again = asked.connection in seen
        seen.add(asked.connection)
        return steps(HANGUP, bare=True) if again else steps(WHOLE)

    async with ScriptedProvider(once) as provider:
        speaker = model(OpenAIChat())
        answers = [(await turn(speaker, request(lease(provider.url)))).text for _ in range(3)]
        await speaker.aclose()
    assert answers == [ANSWER] * 3
    assert len(provider.requests) == 5


async def test_wires_share_connections_and_can_be_closed_and_used_again():
    async with ScriptedProvider(echo) as provider:
        table = wires()
        for _ in range(2):
            await turn(table["openai-chat"](), request(lease(provider.url)))
        assert provider.connections == 1
        speaker = table["openai-chat"]()
        await speaker.aclose()
        await turn(speaker, request(lease(provider.url)))
        assert provider.connections == 2
        await speaker.aclose()


async def test_connect_is_silent_when_nobody_listens():
    speaker = wires()["openai-chat"]()
    for url in (f"http://127.0.0.1:{free_port()}/v1", "http://", "nonsense", "http://[::1", "http://127.0.0.1:99999/"):
        await speaker.connect(lease(url))
    await speaker.aclose()


async def test_cancel_reaches_the_provider():
    async with ScriptedProvider(lambda _: Reply("x" * 100, piece=10, delay=30)) as provider:
        speaker = model(OpenAIChat())
        begun = asyncio.Event()

        async def consume():
            async for _ in speaker.stream(request(lease(provider.url))):
                begun.set()

        task = asyncio.create_task(consume())
        await begun.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        (exchange,) = provider.exchanges
        async with asyncio.timeout(5):
            await exchange.over.wait()
        assert exchange.hung_up is not None
        assert task.cancelled()
        await speaker.aclose()


async def test_cancel_before_the_first_byte_reaches_the_provider():
    asked = asyncio.Event()

    async def think(_):
        asked.set()
        await asyncio.sleep(60)

    async with ScriptedProvider(think) as provider:
        speaker = wires()["openai-chat"]()
        task = asyncio.create_task(turn(speaker, request(lease(provider.url))))
        await asked.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5):
            await provider.exchanges[0].over.wait()
        await speaker.aclose()


async def test_closing_the_stream_early_hangs_up():
    async with ScriptedProvider(lambda _: Reply("x" * 100, piece=10, delay=30)) as provider:
        speaker = wires()["openai-chat"]()
        async with contextlib.aclosing(speaker.stream(request(lease(provider.url)))) as pieces:
            assert await anext(pieces) == Delta("x" * 10)
        async with asyncio.timeout(5):
            await provider.exchanges[0].over.wait()
        assert provider.exchanges[0].hung_up is not None
        await speaker.aclose()


async def test_a_slow_reader_is_not_a_silent_provider():
    async with ScriptedProvider(lambda _: Reply("ab", piece=1)) as provider:
        speaker = model(OpenAIChat(), replace(LIVELY, idle=0.2))
        seen = []
        async for piece in speaker.stream(request(lease(provider.url))):
            seen.append(piece)
            await asyncio.sleep(0.35)  # longer than the idle limit
        await speaker.aclose()
    assert isinstance(seen[-1], End)


@pytest.mark.parametrize(
    ("url", "kind", "says"),
    [
        ("http://127.0.0.1:{port}/v1", Unavailable, "Is the local engine of provider acme running?"),
        ("http://localhost:{port}/v1", Unavailable, "Cannot connect"),
        ("ftp://example.test/v1", Refused, "api_base_url"),
        ("nonsense", Refused, "api_base_url"),
        ("", Refused, "api_base_url"),
        ("http://[::1/v1", Refused, "api_base_url"),
        ("http://user:hunter22@127.0.0.1:{port}/v1?key=hunter22", Unavailable, "http://127.0.0.1:"),
    ],
)
async def test_an_address_that_leads_nowhere(url, kind, says):
    speaker = model(OpenAIChat())
    with pytest.raises(kind) as caught:
        await turn(speaker, request(lease(url.format(port=free_port()))))
    assert says in caught.value.user_message
    assert "hunter22" not in caught.value.user_message
    await speaker.aclose()


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY}“", f"a\r\nx-evil: {KEY}"])
async def test_a_key_that_no_header_can_hold(key):
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        with pytest.raises(AuthError) as caught:
            await turn(speaker, request(lease(provider.url, key=key)))
        assert KEY not in "".join(traceback.format_exception(caught.value))
        assert provider.requests == []
        await speaker.aclose()


async def test_the_key_is_never_shown(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    leaky = b'{"error": {"message": "Bad key ' + KEY.encode() + b'", "code": "' + KEY.encode() + b'"}}'
    replies = [
        Reply("fine"),
        Reply(status=401, body=leaky),
        Reply(status=302, body=b"", headers={"location": f"https://u:{KEY}@else.test/?k={KEY}"}),
        Reply(steps=(b"data: " + leaky + b"\n\n",)),
        Reply(steps=(b"data: " + KEY.encode() + b"\n\n",)),
        Reply(body=KEY.encode(), headers={"content-type": KEY}),
        Reply(steps=(f'data: {{"choices":[{{"finish_reason":"{KEY}"}}]}}\n\n'.encode(),)),
    ]
    async with ScriptedProvider(lambda asked: replies[asked.number - 1]) as provider:
        speaker = model(OpenAIChat())
        held = lease(f"{provider.url}?key={KEY}")
        for _ in replies:
            try:
                await turn(speaker, request(held))
            except ProviderError as error:
                shown = "".join(traceback.format_exception(error)) + repr(error) + error.user_message
                assert KEY not in shown
        await speaker.aclose()
    assert len(provider.requests) == len(replies)
    assert KEY not in caplog.text + "".join(capfd.readouterr())


async def test_lone_surrogates_do_not_break_the_request():
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        got = await turn(speaker, request(lease(provider.url), "a\ud800b"))
        await speaker.aclose()
    assert got.text == "You said: a?b"


async def test_system_proxies_are_not_asked_for_this_machine(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        await turn(speaker, request(lease(provider.url, proxy=f"http://127.0.0.1:{free_port()}")))
        await speaker.aclose()
    assert len(provider.requests) == 1


async def test_a_dead_proxy_is_named_and_its_password_is_not():
    speaker = model(OpenAIChat())
    held = lease("http://models.test/v1", proxy=f"http://me:hunter22@127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable) as caught:
        await turn(speaker, request(held))
    assert "PROXY_URL" in caught.value.user_message
    assert "hunter22" not in caught.value.user_message
    await speaker.aclose()


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://me:hunter22@127.0.0.1:1", "http://[::1"])
@pytest.mark.parametrize("of", ["PROXY_URL", "environment"])
async def test_a_proxy_that_cannot_be_used(proxy, of, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", proxy if of == "environment" else "")
    speaker = model(OpenAIChat())
    held = lease("http://models.invalid/v1", proxy=proxy if of == "PROXY_URL" else "")
    await speaker.connect(held)
    with pytest.raises((Refused, Unavailable)) as caught:
        await turn(speaker, request(held))
    assert "hunter22" not in caught.value.user_message
    await speaker.aclose()


async def test_a_connection_the_provider_closed_meanwhile_is_not_used():
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        await turn(speaker, request(lease(provider.url)))
        for connection in tuple(provider._open):
            connection.drop()
        await asyncio.sleep(0.05)
        assert (await turn(speaker, request(lease(provider.url)))).text
        assert provider.connections == 2
        await speaker.aclose()


async def test_https_to_a_plain_server():
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        with pytest.raises((Unavailable, BadReply)):
            await turn(speaker, request(lease(provider.url.replace("http:", "https:"))))
        await speaker.aclose()


class TestServedModel:
    async def ask(self, served, *, strict):
        async with ScriptedProvider(lambda _: Reply("x", model=served)) as provider:
            speaker = model(OpenAIChat())
            try:
                return await turn(speaker, request(lease(provider.url, strict=strict)))
            finally:
                await speaker.aclose()

    async def test_another_model_is_told(self):
        got = await self.ask("tiny-9", strict=False)
        assert "tiny-9 answered" in " ".join(got.end.warnings)

    async def test_another_model_is_an_error_where_the_user_wants_it_so(self):
        with pytest.raises(Refused, match="asked for vendor/coder-1, and tiny-9 answered"):
            await self.ask("tiny-9", strict=True)

    @pytest.mark.parametrize("served", ["vendor/coder-1", "coder-1", "coder-1-2026-01-31", "other/coder-1:nitro"])
    async def test_the_same_under_another_name_is_not_another(self, served):
        got = await self.ask(served, strict=True)
        assert not got.end.warnings


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_takes_the_key_nowhere(status):
    async with ScriptedProvider(echo) as elsewhere:
        away = Reply(status=status, headers={"location": elsewhere.url}, body=b"")
        async with ScriptedProvider(lambda _: away) as provider:
            speaker = model(OpenAIChat())
            with pytest.raises(Refused) as caught:
                await turn(speaker, request(lease(provider.url)))
            assert f"to {elsewhere.url}, where it has moved" in caught.value.user_message
            await speaker.aclose()
        assert not elsewhere.requests
        assert not elsewhere.connections


async def test_a_connection_closed_between_two_turns_is_opened_again():
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        for expected in (1, 2, 3):
            assert (await turn(speaker, request(lease(provider.url)))).text
            assert provider.connections == expected
            for connection in tuple(provider._open):
                connection.drop()
            await asyncio.sleep(0.05)  # as long as the hang-up takes to arrive
        await speaker.aclose()


@pytest.mark.slow
async def test_two_turns_a_minute_apart_use_one_connection():
    async with ScriptedProvider(echo) as provider:
        speaker = model(OpenAIChat())
        await turn(speaker, request(lease(provider.url)))
        await asyncio.sleep(61)
        await turn(speaker, request(lease(provider.url)))
        await speaker.aclose()
        assert provider.connections == 1
