/** Puts the page together. */

import { act } from "./actions.js";
import { watchBot } from "./bot.js";
import { watchCalls } from "./calls.js";
import { watchChats } from "./chats.js";
import { watchComposer } from "./composer.js";
import { watchMessages } from "./messages.js";
import { watchMishaps } from "./mishaps.js";
import { watchPeople } from "./people.js";
import { Session } from "./session.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { watchSuggestions } from "./suggestions.js";
import { watchViews } from "./views.js";
import { loadWords, preferredLanguage } from "./words.js";

const language = preferredLanguage();
await loadWords(language);
await act({ do: "speak", language });

const store = new Store();
const session = new Session(store);
const stream = new Stream(store);

watchViews(session);
watchBot(store);
watchPeople(session, stream);
watchChats(store, session);
watchMessages(store, session);
watchSuggestions(store, session);
watchComposer(store, session);
watchMishaps(store);
watchCalls(store);
