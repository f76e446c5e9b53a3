// Asks /live once a second, works out rates, and shows both. What the daemon says is text, and goes into the page as text only.

import * as format from "./format.js";
import { History } from "./history.js";
import { differ } from "./rates.js";
import { views } from "./views.js";

const interval = 1000;
const patience = 4000;
const minute = 60;
const place = id => document.getElementById(id);
const state = { history: new History(), rates: null, mostSeconds: 10 };
const show = views(state);
const form = place("filter");
const problem = place("filter-problem");
// The answers of the last minute, the oldest first.
const past = [];
// Of a narrow screen each row takes a large part.
const isNarrow = matchMedia("(max-width: 760px)").matches;
let isPaused = false;
let failedSince = null;
let note = null;
let timer = null;
let asked = 0;

function say(kind, text) {
  const line = place("state");
  line.dataset.state = kind;
  // A live region is read out when its text changes, so it only does when there is something to say.
  if (line.textContent !== text) line.textContent = text;
}

function facts(view) {
  const kernel = view.kernel.state === "trusted" ? `carries ${format.count(view.kernel.active_directions)} directions` : view.kernel.failure ?? view.kernel.state;
  const shown = { Up: format.age(view.uptime_seconds), Configuration: `generation ${view.config.generation}`, Memory: format.bytes(view.resident_bytes), Kernel: kernel };
  const list = place("facts");
  for (const [name, value] of Object.entries(shown)) {
    const id = `fact-${name}`;
    if (!place(id)) {
      const pair = list.appendChild(document.createElement("div"));
      pair.appendChild(document.createElement("dt")).textContent = name;
      pair.appendChild(document.createElement("dd")).id = id;
    }
    place(id).textContent = format.visible(value);
  }
  place("version").textContent = format.visible(view.version.split("+")[0]);
}

// The names of listeners and clusters to choose from; what is chosen stays, also when it is gone from the configuration.
function offer(name, names) {
  const select = form.elements[name];
  const known = [...select.options].map(option => option.value);
  const wanted = ["", ...names];
  if (select.value !== "" && !wanted.includes(select.value)) wanted.push(select.value);
  if (JSON.stringify(known) === JSON.stringify(wanted)) return;
  const chosen = select.value;
  select.replaceChildren(...wanted.map(value => new Option(value === "" ? "any" : format.visible(value), value, false, value === chosen)));
}

function take(view) {
  state.mostSeconds = view.latency_bounds_seconds.at(-1);
  while (past.length > 1 && past[1].clock_seconds <= view.clock_seconds - minute) past.shift();
  state.rates = differ(past.at(-1) ?? null, view, past[0] ?? null);
  if (state.rates.isRestart) past.length = 0;
  if (state.rates.isRestart) note = `The daemon was started anew at ${format.clock(new Date(view.started_at))}; its counts begin again.`;
  const values = { ...state.rates.total, open: view.open_connections };
  for (const [name, rates] of state.rates.listeners) [values[`>${name}`], values[`<${name}`]] = [rates.fromClient, rates.fromUpstream];
  for (const [name, rates] of state.rates.clusters) [values[`c${name}`], values[`C${name}`]] = [rates.connects.p50, rates.connects.p99];
  state.history.add(view.clock_seconds, values);
  past.push(view);
  facts(view);
  offer("listener", view.listeners.items.map(item => item.name));
  offer("cluster", view.clusters.items.map(item => item.name));
  show(view);
  const live = view.obstacle === null ? "Live" : `Live, not ready: ${format.visible(view.obstacle)}`;
  say(view.obstacle === null ? "live" : "warned", note === null ? live : `${live}. ${note}`);
}

function query() {
  const words = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value.trim() !== "") words.set(name, value.trim());
  words.set("ends", form.elements.limit.value);
  return `?${words}`;
}

async function ask(words) {
  const answer = await fetch(`/live${words}`, { signal: AbortSignal.timeout(patience), cache: "no-store" });
  if (answer.status === 400) return { refused: (await answer.text()).trim() };
  if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  return { view: await answer.json() };
}

async function poll() {
  clearTimeout(timer);
  const mine = ++asked;
  try {
    const words = query();
    let { view, refused } = await ask(words);
    // A filter that is wrong must not hide everything else.
    if (refused !== undefined) ({ view } = await ask(`?limit=${form.elements.limit.value}`));
    if (mine !== asked || isPaused) return;
    problem.textContent = refused === undefined ? "" : `${format.visible(refused)}. All connections are shown.`;
    problem.hidden = refused === undefined;
    answered();
    take(view);
  } catch (error) {
    if (mine === asked && !isPaused) failed(error);
  }
  if (mine === asked && !isPaused && !document.hidden) timer = setTimeout(poll, interval);
}

function answered() {
  failedSince = null;
  place("trouble").hidden = true;
  document.body.classList.remove("stale");
}

function failed(error) {
  failedSince ??= new Date();
  const why = error.name === "TimeoutError" ? ` within ${patience / 1000} s` : error instanceof TypeError ? "" : ` (${error.message})`;
  const text = `The daemon has not answered${why} since ${format.clock(failedSince)}. What is shown is from before. It is asked again every second.`;
  if (place("trouble").textContent !== text) place("trouble").textContent = text;
  place("trouble").hidden = false;
  document.body.classList.add("stale");
  say("lost", "No answer");
}

function pause() {
  isPaused = !isPaused;
  asked++;
  place("pause").setAttribute("aria-pressed", isPaused);
  place("pause").firstChild.data = isPaused ? "Go on " : "Pause ";
  clearTimeout(timer);
  if (isPaused) say("paused", `Paused at ${format.clock(new Date())}`);
  else poll();
}

const sections = ["overview", "listeners", "clusters", "connections", "rules", "ends"];

function go(name) {
  place(name).focus({ preventScroll: true });
  place(name).scrollIntoView();
}

const keys = { p: pause, "/": () => form.elements.client.focus(), "?": () => place("help").showModal() };

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || place("help").open) return;
  if (event.target.matches("input, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const action = keys[event.key] ?? (sections[event.key - 1] && (() => go(sections[event.key - 1])));
  if (!action) return;
  event.preventDefault();
  action();
});

document.querySelector("nav").addEventListener("click", event => {
  const link = event.target.closest("a");
  if (link === null) return;
  event.preventDefault();
  go(link.hash.slice(1));
});
place("pause").addEventListener("click", pause);
place("keys").addEventListener("click", () => place("help").showModal());
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("input", () => isPaused || poll());
form.addEventListener("reset", () => setTimeout(() => isPaused || poll()));
if (isNarrow) form.elements.limit.options[0].defaultSelected = true;
document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : isPaused || poll());
poll();
