"""The methods of the Bot API that the stand-in knows, by name."""

from bot.sandbox.telegram.methods.account import GetMe
from bot.sandbox.telegram.methods.callbacks import AnswerCallbackQuery
from bot.sandbox.telegram.methods.chats import (
    GetChat,
    GetChatAdministrators,
    GetChatMember,
    LeaveChat,
)
from bot.sandbox.telegram.methods.commands import DeleteMyCommands, GetMyCommands, SetMyCommands
from bot.sandbox.telegram.methods.drafts import SendMessageDraft
from bot.sandbox.telegram.methods.editing import (
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
)
from bot.sandbox.telegram.methods.files import GetFile
from bot.sandbox.telegram.methods.inline import AnswerGuestQuery, AnswerInlineQuery
from bot.sandbox.telegram.methods.media import SendDocument, SendPhoto, SendVideo
from bot.sandbox.telegram.methods.method import Method, method_name
from bot.sandbox.telegram.methods.polling import GetUpdates
from bot.sandbox.telegram.methods.rich import SendRichMessage
from bot.sandbox.telegram.methods.sending import SendChatAction, SendMessage
from bot.sandbox.telegram.methods.topics import CreateForumTopic, EditForumTopic
from bot.sandbox.telegram.methods.webhooks import DeleteWebhook, GetWebhookInfo, SetWebhook

__all__ = ["METHODS", "Method"]

ALL: tuple[type[Method], ...] = (
    AnswerCallbackQuery,
    AnswerGuestQuery,
    AnswerInlineQuery,
    CreateForumTopic,
    DeleteMessage,
    DeleteMyCommands,
    DeleteWebhook,
    EditForumTopic,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    GetChat,
    GetChatAdministrators,
    GetChatMember,
    GetFile,
    GetMe,
    GetMyCommands,
    GetUpdates,
    GetWebhookInfo,
    LeaveChat,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendMessageDraft,
    SendPhoto,
    SendRichMessage,
    SendVideo,
    SetMyCommands,
    SetWebhook,
)
METHODS = {method_name(method): method for method in ALL}
