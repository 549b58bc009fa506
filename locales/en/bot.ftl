### Texts of the bot in English.

## Commands

command-chat = Ask a question
command-image = Make a picture
command-video = Make a video
command-jobs = Pictures and videos: what runs and what is done
command-new = Start afresh: forget this conversation
command-stop = Stop the answer
command-balance = What was spent, and what is left
command-help = What I can do

start =
    Hello, { $name }! I answer questions, hold conversations, and make pictures and videos.

    Just write to me. I remember what we said; /new makes me forget it.
    /image and /video make what you describe after them.
    /help lists everything I can do.
help =
    Write to me and I answer; I remember the conversation.

    /chat TEXT – ask a question
    /image TEXT – make a picture; /help image shows its options
    /video TEXT – make a video; /help video shows its options
    /jobs – pictures and videos: what runs and what is done
    /new – forget the conversation and start afresh
    /stop – stop the answer that is being written
    /balance – what was spent, and what is left
    /help – this list

    In groups I answer commands, a mention of me, or a reply to one of my messages.

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
unsupported = I can read text only: please write it as a message.

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

answer-waiting = ⏳ Elumenta takes no more of your requests for now: I shall answer by about { $until }, unless you press the button to drop your question.

answer-interrupted = I was interrupted before the answer was complete; press the button to have me try again.

answer-failed = I could not answer this; press the button to have me try again.

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
        [video] ⏳ Elumenta takes no more of your requests for now: I shall order your video by about { $until }, and nothing is charged before that.
       *[image] ⏳ Elumenta takes no more of your requests for now: I shall order your picture by about { $until }, and nothing is charged before that.
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

## What may go wrong, and what to do about it

error-unexpected = Something went wrong on my side; please try again, and tell my owner if it happens again.
error-prompt-missing = What would you like to ask? Write it after the command, or reply to a message with it.
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
    --no WORDS – what shall not be in it, up to the next option or to --

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
    --no WORDS – what shall not be in it, up to the next option or to --

    Models with their prices in tokens:

    { $models }

    All take { $shared }.

error-option-unknown = There is no option { $option }; please use { $known }, or put -- before a text that starts with dashes.
error-option-value-missing = { $option } has no value; please write one after it, in quotes if it has several words.
error-option-unsupported = { $model } does not take { $option }; please use { $known }, or choose another --model.
error-option-value-invalid = { $model } does not take { $option } { $value }; please choose from { $known }.
error-media-model-unknown = There is no model { $model } for this; please choose from { $known }.
