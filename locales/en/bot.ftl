### Texts of the bot in English.

## Commands

command-chat = Ask a question
command-new = Start afresh: forget this conversation
command-stop = Stop the answer
command-help = What I can do

start =
    Hello, { $name }! I answer questions and hold conversations.

    Just write to me. I remember what we said; /new makes me forget it.
    /help lists everything I can do.
help =
    Write to me and I answer; I remember the conversation.

    /chat TEXT – ask a question
    /new – forget the conversation and start afresh
    /stop – stop the answer that is being written
    /help – this list

    In groups I answer /chat, a mention of me, or a reply to one of my messages.

new-done = Done: I have forgotten our conversation. What shall we talk about?

stop-nothing = There is nothing to stop: I am not writing an answer to you right now.
stop-done =
    { $waiting ->
        [0] Stopped.
        [one] Stopped, and I dropped { $waiting } question that was waiting.
       *[other] Stopped, and I dropped { $waiting } questions that were waiting.
    }
stop-pressed = Stopped

retry-pressed = Asking again

unknown-command = I do not know this command; /help lists those I know.
unsupported = I can read text only: please write it as a message.

## Buttons

button-stop = ⏹ Stop
button-retry = 🔁 Try again
button-not-yours = This button is old or belongs to somebody else.

## How an answer may end

answer-interrupted = I was restarted before the answer was complete; press the button to have me try again.

answer-failed = I could not answer this; press the button to have me try again.

## What may go wrong, and what to do about it

error-unexpected = Something went wrong on my side; please try again, and tell my owner if it happens again.
error-prompt-missing = What would you like to ask? Write it after the command, or reply to a message with it.
error-prompt-too-long = That is too long: { $length } characters, and I can take { $limit }; please shorten it.
error-too-busy =
    { $count ->
        [one] { $count } question is waiting for an answer here; please wait until it is answered, or use /stop.
       *[other] { $count } questions are waiting for an answer here; please wait until some are answered, or use /stop.
    }
error-out-of-tokens = The owner's Elumenta tokens are used up; please ask the owner to top up the balance.
error-owner-must-act = Elumenta does not accept the owner's key or plan; please ask the owner to check them.
error-limit-reached =
    { $minutes ->
        [one] Elumenta's limit is reached; please try again in { $minutes } minute.
       *[other] Elumenta's limit is reached; please try again in { $minutes } minutes.
    }
error-model-missing = Elumenta has no model named { $model }; please tell my owner.
error-request-refused = Elumenta did not accept the question; please word it differently.
error-service-failed = Elumenta could not answer, and nothing was charged; please try again in a minute.
error-service-unreachable = I cannot reach Elumenta, and nothing was charged; please try again in a minute.
error-answer-uncertain = No answer came that I can read, though it may have been charged; press the button to ask again.
error-answer-broken = The answer broke off here; press the button to ask again.
error-answer-empty = The model said nothing; please word the question differently or try again.
error-access-denied = This bot is private; to use it, give its owner this number: { $id }
