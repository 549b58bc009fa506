"""What the client asks, in one of the documented styles, never in both."""

from collections.abc import Sequence

from bot.elumenta.catalog import find_model
from bot.elumenta.chat import ChatMessage, ChatRequest, RequestStyle, Role
from bot.elumenta.media import MediaOrder

MIDJOURNEY = "midjourney"


def chat_body(request: ChatRequest, style: RequestStyle, *, stream: bool) -> dict[str, object]:
    """Spell a conversation; in both styles at once its history would be there twice."""
    body: dict[str, object] = {"model": request.model}
    if style is RequestStyle.PARAMS:
        body |= _in_params(request)
    else:
        body |= {"messages": _spell(request.messages), **_options(request)}
    return body | {"stream": True} if stream else body


def order_body(order: MediaOrder, style: RequestStyle) -> dict[str, object]:
    """Spell an order of a picture or a video."""
    request: dict[str, object] = {"model": order.model, "prompt": order.prompt}
    if style is RequestStyle.PARAMS:
        return request | {"params": dict(order.params)}
    return _flat_params(order) | request


def price_body(order: MediaOrder) -> dict[str, object]:
    """Spell the question for a price, which carries its options in one documented way only."""
    return {"params": dict(order.params), "count": 1}


def _in_params(request: ChatRequest) -> dict[str, object]:
    """The newest message is the prompt, what was said before goes into the options."""
    *earlier, newest = request.messages
    history = [message for message in earlier if message.role is not Role.SYSTEM]
    system = "\n\n".join(message.content for message in earlier if message.role is Role.SYSTEM)

    params = _options(request)
    if system:
        params["system_prompt"] = system
    if history:
        params["messages"] = _spell(history)
    return {"prompt": newest.content, "params": params}


def _spell(messages: Sequence[ChatMessage]) -> list[dict[str, str]]:
    return [{"role": message.role.value, "content": message.content} for message in messages]


def _options(request: ChatRequest) -> dict[str, object]:
    options = {
        "temperature": request.options.temperature,
        "max_tokens": request.options.max_tokens,
    }
    return {name: value for name, value in options.items() if value is not None}


def _flat_params(order: MediaOrder) -> dict[str, object]:
    """The page with flat options gives Midjourney the shape of a picture as its size."""
    params: dict[str, object] = dict(order.params)
    model = find_model(order.model, order.category)
    if model is not None and model.slug == MIDJOURNEY and "aspect_ratio" in params:
        params["size"] = params.pop("aspect_ratio")
    return params
