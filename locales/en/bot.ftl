### Texts of the bot in English.

## Commands

command-chat = Ask a question
command-image = Make a picture
command-video = Make a video
command-jobs = Pictures and videos: what runs and what is done
command-model = Choose the chat model
command-settings = Settings of this chat
command-system = Give me a role
command-language = Choose my language
command-new = Start afresh: forget this conversation
command-stop = Stop the answer
command-balance = What was spent, and what is left
command-export = Save this conversation as a file
command-forget-me = Delete everything stored about you
command-help = What I can do

start =
    Hello, { $name }! I answer questions, hold conversations, and make pictures and videos.

    Just write to me. I remember what we said; /new makes me forget it.
    /image and /video make what you describe after them.
    /model and /settings change who answers, and how.
    /help lists everything I can do.
help =
    Write to me and I answer; I remember the conversation. I read text files as well. Edit your newest question and I answer it anew; the buttons under an answer bring another one, or the rest of a long one.

    /chat TEXT – ask a question
    /image TEXT – make a picture; /help image shows its options
    /video TEXT – make a video; /help video shows its options
    /jobs – pictures and videos: what runs and what is done
    /new – forget the conversation and start afresh
    /stop – stop the answer that is being written
    /balance – what was spent, and what is left

    /model – which model answers here, with prices
    /settings – all settings of this chat, with buttons
    /system TEXT – give me a role; without a text, pick a ready one
    /temperature 0.7 – how inventive my answers are
    /max_tokens 2000 – how long my answers may become
    /language – in which language I speak

    /export – this conversation as a file
    /forget_me – delete everything stored about you
    /help – this list

    In groups I answer commands, a mention of me, or a reply to one of my messages. { $control ->
        [everybody] Everybody there may change the settings and use /new.
       *[admins] Only a group's admins may change its settings and use /new.
    }

new-done = Done: I have forgotten our conversation. What shall we talk about?

stop-nothing = There is nothing to stop: I am not writing an answer to you right now; /jobs has the pictures and videos.
stop-done =
    { $waiting ->
        [0] Stopped.
        [one] Stopped, and I dropped { $waiting } question that was waiting.
       *[other] Stopped, and I dropped { $waiting } questions that were waiting.
    }
stop-pressed = Stopped

retry-pressed = Asking again

unknown-command = I do not know this command; /help lists those I know.
unsupported = I can read text only: please write it as a message, or send it as a text file.

## Buttons

button-stop = ⏹ Stop
button-retry = 🔁 Try again
button-agree = ✅ Go ahead
button-decline = ✖️ Drop it
button-look = 🔍 Look again
button-look-number = 🔍 Look again #{ $id }
button-drop-number = ✖️ Drop #{ $id }
button-again = 🔁 Again
button-file = 📄 Send as file
button-download = ⬇️ Download
button-allow = ✅ Allow
button-deny = 🚫 Deny
button-not-yours = This button is old or belongs to somebody else.

## How an answer may begin and end

answer-waiting = ⏳ Elumenta takes no more of your requests for now: I will answer by about { $until }; press the button to drop your question.

model-vanished = { $model } is no longer offered; { $default } answers from now on, and /model shows the others.
answer-cost =
    { $tokens ->
        [one] { $model } · { $tokens } token
       *[other] { $model } · { $tokens } tokens
    }

answer-interrupted = I was interrupted before the answer was complete; press the button to have me try again.

answer-failed = I could not answer this; press the button to have me try again.

## Settings

settings-title = ⚙️ Settings of this chat
settings-hint =
    { $where ->
        [private] Press a button to change something.
       *[group] Press a button to change something; it holds for everybody here.
    }
quoted = “{ $text }”
settings-saved = Saved
settings-default = { $value } (default)
settings-vanished = ⚠️ { $model } is no longer offered; { $default } takes over.

settings-name =
    { $setting ->
        [chat_model] Chat model
        [system_prompt] Role
        [temperature] Temperature
        [max_tokens] Longest answer
        [image_model] Picture model
        [image_size] Picture size
        [video_model] Video model
        [video_seconds] Video length
        [video_aspect] Video shape
        [language] Language
        [streaming] Answers appear
        [rich_messages] Telegram's own tables and formulas, for new apps
       *[shows_cost] Cost under answers
    }
settings-button =
    { $setting ->
        [temperature] Temperature: { $value }
        [max_tokens] Length: { $value }
        [image_size] Size: { $value }
        [video_seconds] Video: { $value }
        [video_aspect] Shape: { $value }
        [rich_messages] Tables: { $value }
        [shows_cost] Cost: { $value }
       *[other] { $value }
    }
settings-about =
    { $setting ->
        [chat_model] Each answer costs the same, however long it is. You can also write a name after /model.
        [system_prompt] Who I am in this chat. Pick a role, or write your own after /system; /system off brings the default back.
        [temperature] How inventive answers are, from 0.0 (sober) to 2.0 (wild); auto leaves it to the model. Any other value: /temperature 0.9
        [max_tokens] How long an answer may become, in the model's own tokens, which are pieces of words; auto leaves it to the model. Any other value: /max_tokens 3000
        [image_model] Who makes the pictures unless an order names another --model. Prices are for one picture.
        [image_size] How large pictures become unless an order says otherwise; the choices depend on the picture model, and auto leaves it to that model.
        [video_model] Who makes the videos unless an order names another --model. Prices are for one video.
        [video_seconds] How long videos play unless an order says otherwise; auto leaves it to the video model.
        [video_aspect] The shape of videos unless an order says otherwise; auto leaves it to the video model.
        [language] In which language I speak here: each person's own in Telegram, unless you choose one. Answers follow the language of the question.
        [streaming] How an answer comes: growing word by word, as a draft of Telegram's own (in private chats), or all at once when it is complete.
       *[other] { "" }
    }
settings-unset =
    { $setting ->
        [language] as in Telegram
       *[other] auto
    }
settings-switch =
    { $state ->
        [on] on
       *[off] off
    }
settings-streaming =
    { $mode ->
        [edit] word by word
        [draft] as a draft
       *[off] when complete
    }
settings-length =
    { $count ->
        [one] { $count } token
       *[other] { $count } tokens
    }

button-back = « Back
button-close = ✖ Close
button-default = Default: { $value }

language-name = English
language-unknown = I do not speak that language yet; please choose one below.

model-unknown = There is no model { $model }; please choose one below.
model-note =
    { $model ->
        [gpt-5-nano] quick answers to simple questions
        [claude-haiku-4-5] quick, writes well
        [gemini-2-5-flash] quick, reads long texts
        [deepseek-v3] everyday questions and code
        [grok-4-fast] quick and casual
        [deepseek-r1] thinks step by step: maths, logic
        [gpt-5] a good choice for nearly everything
        [gemini-3-pro] long texts, science
        [gpt-5-2] hard questions, plans, analysis
        [claude-sonnet-4-5] code and good style
        [claude-opus-4-5] the hardest texts and code
        [gpt-5-2-pro] the most thorough, for what must be right
        [photon-flash] quick drafts
        [photon] everyday pictures at a low price
        [gpt-image-1-5] keeps to long descriptions, good with lettering
        [midjourney] artistic, full of mood
        [flux-kontext-pro] keeps closely to what is asked
        [flux-1-1-pro] photographic, good for nearly everything
        [recraft-v3] design, posters, icons
        [dall-e-3] illustrations, odd ideas
        [sd-3-5-large] many styles, much detail
        [nano-banana-pro] the finest detail and lettering
        [luma-ray2-flash] quick drafts
        [kling-v2-1] people and lively motion
        [sora-2] lifelike scenes
        [luma-ray2] smooth camera work
        [midjourney-video] artistic, full of mood
        [veo-3-1] cinematic, rich in detail
        [minimax-video] faces and feelings
       *[other] { "" }
    }

system-set = Done: that is who I am in this chat from now on; /system off brings the default back.
system-reset = Done: I am my usual self again.

persona-name =
    { $persona ->
        [concise] Concise
        [teacher] Teacher
        [programmer] Programmer
        [editor] Editor
        [translator] Translator
       *[assistant] Assistant
    }
persona-prompt =
    { $persona ->
        [concise] Answer in as few words as the matter allows: no preamble, no repetition of the question, no closing offers. Use a short list where it helps. Answer in the language of the question.
        [teacher] You are a patient teacher. Explain step by step, from what is simple to what is hard, with one telling example, and find out with a short question whether it was understood. Never make the learner feel stupid. Answer in the language of the question.
        [programmer] You are an experienced programmer. Give code that works as it is, in a code block with its language, and say in a sentence or two why it is written so. Name pitfalls and assumptions; ask back when something essential is missing. Answer in the language of the question.
        [editor] You are a careful editor. Correct spelling, grammar and style of the text you are given, in its own language, and keep its meaning and its voice. Give the corrected text first, then a short list of the changes that matter.
       *[translator] You are a professional translator. Translate what you are given: into English, or, if it is in English, into the language this chat last used or asked for. Give the translation alone, natural and true to tone and formatting; add a note only where the meaning is ambiguous.
    }

## Conversation

button-regenerate = 🔄 Regenerate
button-continue = ➡️ Continue
button-old = This answer is old; please ask the question again if you want another one.

regenerate-pressed = Answering again
continue-pressed = Going on

## Groups

group-introduction =
    👋 Hello! In this group I answer questions after /chat, messages that mention @{ $username }, and replies to my messages; /help lists everything I can do.

    { $control ->
        [admins] What holds for the whole group, such as /settings and /new, is for its admins to decide.
       *[everybody] Everybody here may change my settings with /settings.
    }
group-privacy = 🔒 Privacy mode hides from me what is neither a command nor a reply to me, sometimes even mentions and the rest of long texts. To let me see them, make me an admin of this group; or let my owner send /setprivacy to @BotFather and choose Disable, and then remove me from the group and add me again.

## Pictures and videos

prompt-question =
    { $kind ->
        [video] What should the video show? Reply to this message with it.
       *[image] What should the picture show? Reply to this message with it.
    }
prompt-placeholder =
    { $kind ->
        [video] What the video should show
       *[image] What the picture should show
    }
media-model-vanished =
    { $kind ->
        [video] { $model } is no longer offered; { $default } makes the videos of this chat from now on, and /settings shows the others.
       *[image] { $model } is no longer offered; { $default } makes the pictures of this chat from now on, and /settings shows the others.
    }
prompt-not-text = I need words for this: please reply to my question with a text.

offer =
    { $kind ->
        [video] 🎬 A video by { $model } costs { $price }.
       *[image] 🎨 A picture by { $model } costs { $price }.
    }
offer-balance =
    { $tokens ->
        [one] { $tokens } token is left.
       *[other] { $tokens } tokens are left.
    }
offer-allowance =
    { $tokens ->
        [one] You can spend { $tokens } more token today.
       *[other] You can spend { $tokens } more tokens today.
    }
offer-question = Shall I go ahead?
offer-agreed = Going ahead
offer-declined = Dropped
offer-closed = This offer is no longer open.

status-making =
    { $kind ->
        [video] 🎬 Making your video with { $model }; usually ready in { $time }.
       *[image] 🎨 Making your picture with { $model }; usually ready in { $time }.
    }
status-waiting =
    { $kind ->
        [video] ⏳ Elumenta takes no more of your requests for now: I will order your video by about { $until }, and nothing is charged before that.
       *[image] ⏳ Elumenta takes no more of your requests for now: I will order your picture by about { $until }, and nothing is charged before that.
    }
status-unknown =
    { $kind ->
        [video] 🔎 I do not know whether Elumenta took the order of your video and am looking it up; it will not be paid for twice.
       *[image] 🔎 I do not know whether Elumenta took the order of your picture and am looking it up; it will not be paid for twice.
    }
status-ready =
    { $kind ->
        [video] ✅ Your video is ready.
       *[image] ✅ Your picture is ready.
    }
status-undeliverable =
    { $kind ->
        [video] Your video is ready, but I could not send it here; press the button to have me try again.
       *[image] Your picture is ready, but I could not send it here; press the button to have me try again.
    }
status-dropped =
    { $kind ->
        [video] I am no longer waiting for your video; the order itself cannot be cancelled and may be charged, so press the button later to see whether it is ready.
       *[image] I am no longer waiting for your picture; the order itself cannot be cancelled and may be charged, so press the button later to see whether it is ready.
    }
status-declined = Dropped; nothing was ordered.
status-lapsed = This order has expired, and nothing was charged; please send it again if you still want it.

result-link =
    { $kind ->
        [video] ✅ Your video is ready; press the button to download it.
       *[image] ✅ Your picture is ready; press the button to download it.
    }
file-coming = The file is on its way
file-failed = I could not send the file; please press the button again in a minute.

jobs-title = Pictures and videos here
jobs-nothing = There is nothing here yet; order a picture with /image or a video with /video.
jobs-line =
    #{ $id } { $kind ->
        [video] 🎬
       *[image] 🎨
    } { $model } – { $state ->
        [offered] waits for a yes
        [created] about to be ordered
        [unknown] being looked up
        [pending] being made
        [ready] being sent
        [delivered] delivered
        [refused] not accepted
        [failed] failed
        [expired] not ready in time
        [dropped] dropped
        [undeliverable] ready, but could not be sent
       *[other] closed
    }, { $time }
job-dropped = I no longer wait for it
job-looked-at = Looking again
job-repeated = Ordering the same again

tokens =
    { $count ->
        [one] { $count } token
       *[other] { $count } tokens
    }
tokens-range = { $least }–{ $most } tokens
seed = seed { $seed }
time-seconds = { $seconds } s
time-minutes = { $minutes } min { $seconds } s
time-hours = { $hours } h { $minutes } min
about-seconds =
    { $seconds ->
        [one] { $seconds } second
       *[other] { $seconds } seconds
    }
about-minutes =
    { $minutes ->
        [one] about { $minutes } minute
       *[other] about { $minutes } minutes
    }

## Balance, limits and statistics

balance-account =
    { $tokens ->
        [one] 💰 The account has { $tokens } token left.
       *[other] 💰 The account has { $tokens } tokens left.
    }
balance-plan = Plan: { $plan }
balance-plan-until = Plan: { $plan }, until { $until }
balance-unknown = I could not get the balance from Elumenta; please ask me again in a minute.
balance-hour = Requests left this hour: { $left } of { $limit }
balance-hour-until = Requests left this hour: { $left } of { $limit }, renewed at { $until }
balance-day = Requests left today: { $left } of { $limit }

spent-today = Spent today: { $spent }
spent-this-month = Spent this month: { $spent }
spent-here-today = Spent in this group today: { $spent }
spent-nothing = nothing
spent-parts = { $tokens } ({ $parts })
spent-part =
    { $kind ->
        [answer] answers
        [image] pictures
       *[video] videos
    } { $tokens }
left-today =
    { $scope ->
        [person] Left to you today
        [chat] Left to this group today
       *[all] Left to everybody together today
    }: { $left } of { $limit ->
        [one] { $limit } token
       *[other] { $limit } tokens
    }, renewed at { $until }

limit-usage = Please write /limit ID TOKENS (0 for no limit), /limit ID off to go back to the settings, or /limit ID to look; without the ID as a reply to a person, or in a group for the group itself.
limit-shown =
    Daily limit of { $subject }: { $limit }, { $source ->
        [own] set with /limit
       *[settings] as the settings say
    }
limit-none = none

stats-private = Please ask me for this in our private chat: it is nobody else's business.
stats-nothing = Nothing was asked in the last { $days } days, so there is nothing to count yet.
stats-title = 📊 The last { $days } days
stats-people = People: { $people }, chats: { $chats }
stats-requests = Requests: { $requests }, of which { $failures } failed
stats-tokens = Tokens: { $tokens }, today { $today }
stats-models = Tokens by model, in all and today:
stats-model = { $model } – { $tokens }, { $today }
stats-others = others – { $tokens }, { $today }

chart-title = Tokens per day
chart-kind =
    { $kind ->
        [answer] Answers
        [image] Pictures
       *[video] Videos
    }
chart-tokens = { $tokens }
chart-day =
    { $day } { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }

## Who may use the bot

command-allow = Let a person or a group in
command-deny = Shut a person or a group out
command-access = Who may use me, and who may not
command-limit = What a person or a group may spend a day
command-stats = What I am used for

help-admin =
    Only you and other admins can use these:

    /allow ID, /deny ID – let a person or a group in, or shut them out; also as a reply, or alone in a group
    /access – who may use me, and who may not
    /limit ID TOKENS – what a person or a group may spend a day
    /stats – what I am used for

claim-done = I am yours now: /allow and /deny decide who else may use me, and /help lists what else you can do.

access-requested = This bot is private, and I have asked its owner to let you in; your number is { $id }
access-request = { $who } would like to use me: what do you say?
access-granted = My owner has let you in: write to me, or see /help for what I can do.
access-may = ✅ { $who } may use me.
access-may-not = 🚫 { $who } may not use me.
access-is-admin = An admin cannot be shut out; please take them off ADMIN_IDS first.
access-decided =
    { $decision ->
        [allowed] Let in
       *[denied] Shut out
    }
access-decided-before =
    { $decision ->
        [allowed] Another admin was faster and let them in.
       *[denied] Another admin was faster and shut them out.
    }
access-whom = Whom do you mean? Write { $command } and an id, reply with { $command } to somebody's message, or send it alone in a group.
access-in-private = The list has people's names and ids: please send me /access in private.

access-open = ACCESS is open: everybody who is not denied may use me.
access-admins = Admins
access-allowed = Allowed
access-asked = Would like to come in
access-denied = Denied
access-more = and { $count } more
access-hint = Change it with /allow ID or /deny ID.

## Guest and inline mode

aside-writing = ⏳ One moment, please…
aside-coming = The answer is being written
aside-cut = This answer is too long for one message; please ask me in our private chat to read all of it.
aside-dropped = This question was dropped before it was answered.
aside-failed = I could not answer this; please ask me again.
aside-interrupted = I was interrupted before the answer was complete; please ask me again.
aside-broken = The answer broke off here; please ask me again.
aside-uncertain = No answer came that I can read, though it may have been charged; please ask me again.
button-aside = ⏳ Where is the answer?

inline-ask = Ask: { $query }
inline-hint = The answer appears in this chat, where everybody can read it
inline-type = Type a question
inline-private = This bot is private: ask to be let in
inline-feedback-missing = Telegram has not told me of this question. If nothing comes within a minute, my owner has to allow it: @BotFather, /setinlinefeedback, 100%.

## Personal data

export-title = Conversation with { $name }
export-you = You
export-question = Question
export-done =
    { $count ->
        [one] Our conversation: { $count } question with its answer
       *[other] Our conversation: { $count } questions with their answers
    }

forget-me =
    Shall I delete everything that I keep about you? This cannot be undone.

    What goes from all chats:
    – { $turns ->
        [one] { $turns } question with its answer
       *[other] { $turns } questions with their answers, earlier versions included
    }
    – { $jobs ->
        [one] { $jobs } order for a picture or a video
       *[other] { $jobs } orders for pictures and videos
    }
    – the settings of our private chat
    Answers that are being written are stopped, and what waits is taken back; pictures and videos that are being made still come, and are forgotten after that.

    What stays:
    – whether you may use me, and how much: my owner decided that
    – what you spent today, until { $until }, because it counts towards limits; of earlier days only sums without your name
    – what others quoted of you in questions of their own
    – the messages in our chats, and what Telegram and Elumenta keep themselves
forget-me-hidden = I cannot tell who you are here; please write to me in private, or under your own name.
forget-me-working = ⏳ Deleting…
forget-me-done = Done: I have deleted everything that I kept about you. You can also delete our chat in Telegram; if you write to me again, we start afresh.
forget-me-kept = Nothing was deleted.
button-erase = 🗑 Delete everything
button-keep = Keep it

## What may go wrong, and what to do about it

error-unexpected = Something went wrong on my side; please try again, and tell my owner if it happens again.
error-prompt-missing = What would you like to ask? Write it after the command or my name, or reply to a message with either.
error-prompt-too-long = That is too long: { $length } characters, and I can take { $limit }; please shorten it.
error-too-busy =
    { $count ->
        [one] { $count } question is waiting for an answer here; please wait until it is answered, or use /stop.
       *[other] { $count } questions are waiting for an answer here; please wait until some are answered, or use /stop.
    }
error-out-of-tokens = The owner's Elumenta tokens are used up, and nothing was charged; please ask the owner to top up the balance.
error-owner-must-act = Elumenta does not accept the owner's key or plan, and nothing was charged; please ask the owner to check them.
error-limit-until = Elumenta's limit is used up until { $until }, and nothing was charged; please try again after that.
error-daily-limit =
    { $scope ->
        [member] This may cost more tokens than you have left today; /balance in private says how many those are, and a new day begins at { $until }.
       *[other]
            { $scope ->
                [person] Your limit
                [chat] This group's limit
               *[all] The limit for everybody together
            } is { $limit ->
                [one] { $limit } token
               *[other] { $limit } tokens
            } a day, { $left ->
                [one] { $left } is
               *[other] { $left } are
            } left, and this may cost { $cost }; a new day begins at { $until }.
    }
error-too-many-orders =
    { $count ->
        [one] { $count } order of yours is waiting to be sent; please wait for it, or drop it in /jobs.
       *[other] { $count } orders of yours are waiting to be sent; please wait for some, or drop them in /jobs.
    }
limit-near =
    📊 { $left } of { $scope ->
        [person] your
        [chat] this group's
       *[all] everybody's
    } { $limit ->
        [one] { $limit } token
       *[other] { $limit } tokens
    } for today { $left ->
        [one] is
       *[other] are
    } left; a new day begins at { $until }.
error-limit-reached =
    { $minutes ->
        [one] Elumenta's limit is reached, and nothing was charged; please try again in { $minutes } minute.
       *[other] Elumenta's limit is reached, and nothing was charged; please try again in { $minutes } minutes.
    }
error-model-missing = Elumenta has no model named { $model }, and nothing was charged; please tell my owner.
error-request-refused = Elumenta did not accept the question; please word it differently.
error-service-failed = Elumenta could not answer, and nothing was charged; please try again in a minute.
error-service-unreachable = I cannot reach Elumenta, and nothing was charged; please try again in a minute.
error-answer-uncertain = No answer came that I can read, though it may have been charged; press the button to ask again.
error-answer-broken = The answer broke off here; press the button to ask again.
error-answer-empty = The model said nothing; please word the question differently or try again.
error-order-refused =
    { $reason ->
        [none] Elumenta did not take the order, and nothing was charged; please change it and try again.
       *[other] Elumenta did not take the order ({ $reason }), and nothing was charged; please change it and try again.
    }
error-order-failed =
    { $reason ->
        [none] This could not be made, and nothing was charged; press the button to try again.
       *[other] This could not be made ({ $reason }), and nothing was charged; press the button to try again.
    }
error-order-policy = The provider's content policy forbids this, and nothing was charged; please word the order differently.
error-order-unavailable = { $model } is down or overloaded, and nothing was charged; press the button to try again, or choose another --model.
error-order-lost = Elumenta has no trace of the order, so most likely nothing was charged; look again later, or order it again.
error-order-late =
    { $minutes ->
        [one] This was not ready in { $minutes } minute and may still be charged; press the button, here or in /jobs, to look again.
       *[other] This was not ready in { $minutes } minutes and may still be charged; press the button, here or in /jobs, to look again.
    }
error-not-allowed-here = Only the admins of this group can do that; please ask one of them.
error-preference-invalid =
    { $name ->
        [temperature] The temperature
       *[max_tokens] The length of answers
    } has to be a number from { $low } to { $high }; please write it after the command, or “off” for the default.
error-system-too-long = That is too long: { $length } characters, and I keep { $limit } at most; please shorten it.
error-file-too-large = That file is too large for me: I read text files of up to { $limit } KB; please send a part of it.
error-file-not-text = I cannot find any text in that file; please send a text file, or the text itself.
error-file-unavailable = I could not get that file from Telegram; please send it again.
error-nothing-to-export = There is nothing to export yet: ask me something first.
error-access-denied = This bot is private; to use it, give its owner this number: { $id }

## What owners are told

watch-low-balance =
    { $tokens ->
        [one] The Elumenta balance is low: { $tokens } token is left, and LOW_BALANCE is { $limit }; please top it up before people are refused.
       *[other] The Elumenta balance is low: { $tokens } tokens are left, and LOW_BALANCE is { $limit }; please top it up before people are refused.
    }
watch-plan-ends =
    { $plan ->
        [none] Your Elumenta plan ends soon: { $date }; please renew it, or nobody will be answered after that.
       *[other] Your Elumenta plan ({ $plan }) ends soon: { $date }; please renew it, or nobody will be answered after that.
    }
watch-unauthorized = Elumenta refused the API key (error 401), so nobody is answered; please check ELUMENTA_API_KEY, or make a new key at Elumenta, and restart the bot with it.
watch-out-of-tokens = Elumenta refused a request because too few tokens are left for it (error 402); please top up the balance at Elumenta.
watch-plan-too-low = Elumenta refused a request because your plan does not include it (error 403); please check the plan at Elumenta: the API needs VIP or Elite.

## Options of pictures and videos

options-help-image =
    /image OPTIONS TEXT makes a picture of what the text says, for example:

    { $example }

    Options come first; a value is one word, or in quotes:

    --model NAME – who makes it; without it { $model }
    --size WxH – width and height in pixels
    --aspect W:H – the shape
    --quality, --style, --format – see below
    --seed NUMBER – the same number makes a similar picture again
    --no WORDS – what to leave out, up to the next option or to --

    Models with their prices in tokens:

    { $models }

    All take { $shared }.
options-help-video =
    /video OPTIONS TEXT makes a video of what the text says, for example:

    { $example }

    Options come first; a value is one word, or in quotes:

    --model NAME – who makes it; without it { $model }
    --duration SECONDS – how long it plays
    --aspect W:H – the shape
    --no WORDS – what to leave out, up to the next option or to --

    Models with their prices in tokens:

    { $models }

    All take { $shared }.

error-option-unknown = There is no option { $option }; please use { $known }, or put -- before a text that starts with dashes.
error-option-value-missing = { $option } has no value; please write one after it, in quotes if it has several words.
error-option-unsupported = { $model } does not take { $option }; please use { $known }, or choose another --model.
error-option-value-invalid = { $model } does not take { $option } { $value }; please choose from { $known }.
error-media-model-unknown = There is no model { $model } for this; please choose from { $known }.
