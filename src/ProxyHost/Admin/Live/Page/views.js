// Which tables and plots there are, and what of an answer each shows.

import * as format from "./format.js";
import { Plot } from "./plot.js";
import { ruleKey } from "./rates.js";
import { Table } from "./table.js";

const place = id => document.getElementById(id);

const flows = ["copy", "splice", "pipe", "sockmap", "bypass"];

const isFull = (now, most) => most && now >= 0.9 * most;

const places = (now, most) => `${isFull(now, most) ? "▲ " : ""}${format.count(now)}${most ? ` / ${format.count(most)}` : ""}`;

const left = list => list.items.length < list.count ? `${format.count(list.items.length)} of ${format.count(list.count)} are shown.` : "";

function paths(listener) {
  const moved = flows.map(flow => [flow, listener.traffic.reduce((sum, item) => sum + item.from_client[flow] + item.from_upstream[flow], 0)]);
  const all = moved.reduce((sum, [, bytes]) => sum + bytes, 0);
  return all === 0 ? "–" : moved.filter(([, bytes]) => bytes > 0).map(([flow, bytes]) => `${flow} ${Math.round(100 * bytes / all)}%`).join(" ");
}

// Symbol, word and colour: none of them stands alone.
const listenerState = item => item.draining ? ["▼ draining", "warn"] : item.accepting ? ["● accepting", "good"] : ["✕ not bound", "bad"];

function endpointState(endpoint) {
  if (endpoint.draining) return ["▼ draining", "warn"];
  if (!endpoint.healthy) return [endpoint.eligible ? "✕ unhealthy, used" : "✕ unhealthy", "bad"];
  return endpoint.eligible ? ["● healthy", "good"] : ["○ healthy, spare", ""];
}

function clusterState(cluster) {
  const text = `${format.count(cluster.healthy_endpoints)} of ${format.count(cluster.endpoints.count)}`;
  if (cluster.panic) return [`▲ ${text}, panic`, "bad"];
  return cluster.healthy_endpoints === cluster.endpoints.count ? [`● ${text}`, "good"] : [`▲ ${text}`, cluster.healthy_endpoints === 0 ? "bad" : "warn"];
}

const verdict = rule => rule.shadow ? `would ${rule.verdict}` : rule.verdict;

const connectionPath = one => one.path_from_client === null ? "–"
  : one.path_from_client === one.path_from_upstream ? one.path_from_client : `${one.path_from_client} ↑ ${one.path_from_upstream} ↓`;

/** A small plot in a cell, made once for each row. */
function spark(state, names, label) {
  const plots = new WeakMap();
  return (cell, row) => {
    if (!plots.has(cell)) plots.set(cell, new Plot(cell, names(row), label(row)));
    plots.get(cell).draw(state.history, "the last two minutes");
  };
}

function cards(state) {
  const time = value => format.seconds(value, state.mostSeconds);
  const shown = [
    ["Throughput", ["fromClient", "fromUpstream"], format.byteRate, ["from clients", "from upstreams"]],
    ["Connections", ["open"], format.count, ["open"]],
    ["New connections", ["accepted"], format.rate, ["accepted"]],
    ["Connect time, last minute", ["connect50", "connect99"], time, ["median", "99 %"], "minute"],
    ["Wait in queues, last minute", ["wait50", "wait99"], time, ["median", "99 %"], "minute"],
    ["Abnormal ends, last minute", ["abnormal"], format.count, ["not completed"], "minute", format.rate],
  ];
  return shown.map(([title, names, text, words, of = "total", plotted = text]) => {
    const card = place("plots").appendChild(document.createElement("article"));
    card.appendChild(document.createElement("h3")).textContent = title;
    const list = card.appendChild(document.createElement("dl"));
    const values = words.map((word, i) => {
      const pair = list.appendChild(document.createElement("div"));
      pair.className = `legend-${i}`;
      pair.appendChild(document.createElement("dt")).textContent = word;
      return pair.appendChild(document.createElement("dd"));
    });
    const plot = new Plot(card, names, title);
    const most = card.appendChild(document.createElement("p"));
    most.className = "quiet most";
    return view => {
      const now = { open: view.open_connections, ...state.rates[of] };
      names.forEach((name, i) => values[i].textContent = text(now[name]));
      const highest = Math.max(...names.map(name => state.history.most(name)));
      most.textContent = `2 minutes, at most ${plotted(highest)}`;
      plot.draw(state.history, `${words.map((word, i) => `${word} ${text(now[names[i]])}`).join(", ")}; ${most.textContent}`);
    };
  });
}

export function views(state) {
  const rates = () => state.rates;
  const listener = item => rates().listeners.get(item.name);
  const cluster = item => rates().clusters.get(item.name);
  const endpoint = item => rates().clusters.get(item.cluster)?.endpoints.get(item.endpoint);
  const time = value => format.seconds(value, state.mostSeconds);
  const text = (name, of, more) => ({ name, text: of, value: of, ...more });
  const number = (name, value, show, more) => ({ name, value, text: row => show(value(row)), kind: "number", ...more });

  const tables = {
    listeners: new Table(place("listener-table"), "Listeners", [
      text("Name", item => item.name, { kind: "name" }),
      text("Address", item => item.addresses.join(" ")),
      text("State", item => listenerState(item)[0], { tone: item => listenerState(item)[1] }),
      number("Open", item => item.connections, null, { text: item => places(item.connections, item.max_connections), tone: item => isFull(item.connections, item.max_connections) ? "warn" : "" }),
      number("New", item => listener(item)?.accepted, format.rate),
      number("From clients", item => listener(item)?.fromClient, format.byteRate),
      number("From upstreams", item => listener(item)?.fromUpstream, format.byteRate),
      { name: "Throughput", kind: "spark", draw: spark(state, item => [`>${item.name}`, `<${item.name}`], item => `Throughput of ${item.name}`) },
      text("Bytes by data path", paths),
    ], item => item.name, "There are no listeners."),

    clusters: new Table(place("cluster-table"), "Clusters", [
      text("Name", item => item.name, { kind: "name" }),
      text("Healthy", item => clusterState(item)[0], { tone: item => clusterState(item)[1] }),
      text("Balance", item => item.balance),
      number("Open", item => item.connections, null, { text: item => places(item.connections, item.max_connections), tone: item => isFull(item.connections, item.max_connections) ? "warn" : "" }),
      number("Waiting", item => item.queue?.length ?? null, null, { text: item => item.queue === null ? "–" : places(item.queue.length, item.queue.size) }),
      number("Connect", item => cluster(item)?.minute.connects.p50, time),
      number("99 %", item => cluster(item)?.minute.connects.p99, time),
      { name: "Connect time", kind: "spark", draw: spark(state, item => [`c${item.name}`, `C${item.name}`], item => `Connect time of ${item.name}`) },
      number("Wait 99 %", item => cluster(item)?.minute.waits.p99, time),
    ], item => item.name, "There are no clusters."),

    endpoints: new Table(place("endpoint-table"), "Endpoints", [
      text("Endpoint", item => item.endpoint, { kind: "name" }),
      text("Cluster", item => item.cluster),
      text("State", item => endpointState(item)[0], { tone: item => endpointState(item)[1] }),
      number("Open", item => item.open, null, { text: item => places(item.open, item.max_connections) }),
      number("Connected", item => endpoint(item)?.connected, format.rate),
      number("Failed", item => endpoint(item)?.failed, format.rate, { tone: item => endpoint(item)?.failed > 0 ? "bad" : "" }),
      number("Failed so far", item => item.failed, format.count),
      text("Why", item => item.cause === null ? "" : item.errno === null || item.cause.includes(item.errno) ? item.cause : `${item.cause} ${item.errno}`, { kind: "long" }),
    ], item => JSON.stringify([item.cluster, item.endpoint]), "There are no endpoints."),

    connections: new Table(place("connection-table"), "Connections", [
      number("Id", item => item.id, String),
      text("Client", item => item.client.remote ?? "unknown", { kind: "name" }),
      text("Listener", item => item.listener),
      text("Endpoint", item => item.endpoint ?? item.cluster),
      text("State", item => item.state),
      number("Age", item => item.age_seconds, format.age),
      number("From client", item => item.bytes_from_client, format.bytes),
      number("From upstream", item => item.bytes_from_upstream, format.bytes),
      number("Now", item => rates().connections.get(item.id), format.byteRate),
      text("Data path", connectionPath),
      text("Rule", item => item.rule ?? ""),
    ], item => item.id, "No connection is open that fits."),

    rules: new Table(place("rule-table"), "Verdicts by rule", [
      text("Rule", item => item.rule, { kind: "name" }),
      text("Program", item => item.program),
      text("Listener", item => item.listener),
      text("Verdict", verdict),
      number("Now", item => rates().rules.get(ruleKey(item)), format.rate),
      number("Messages", item => item.count, format.count),
    ], ruleKey, "No listener has a program."),

    reasons: new Table(place("reason-table"), "Ends by reason", [
      text("Reason", item => item.reason, { kind: "name", tone: item => item.reason === "completed" ? "good" : "" }),
      number("Since the start", item => item.count, format.count),
      number("Share", item => item.share, value => `${value < 0.001 ? "< 0.1" : (100 * value).toFixed(1)} %`),
    ], item => item.reason, "No connection has ended yet."),

    ends: new Table(place("end-table"), "The last connections that did not complete", [
      text("Time", item => item.ended_at, { text: item => format.clock(new Date(item.ended_at)) }),
      text("Reason", item => [item.reason, item.errno].filter(Boolean).join(" "), { kind: "name", tone: () => "bad" }),
      text("First to close", item => item.first_to_close ?? "proxy"),
      text("Client", item => item.client),
      text("Listener", item => item.listener),
      text("Endpoint", item => item.endpoint ?? item.cluster),
      number("Lived", item => item.total_seconds, value => value < 1 ? time(value) : format.age(value)),
      number("From client", item => item.bytes_from_client, format.bytes),
      number("From upstream", item => item.bytes_from_upstream, format.bytes),
      text("More", item => [item.trouble, item.rule && `rule ${item.rule}`].filter(Boolean).join(", "), { kind: "long" }),
    ], item => item.id, "None so far, or `admin.recorder.size` is 0."),
  };
  const overview = cards(state);

  return view => {
    overview.forEach(show => show(view));
    tables.listeners.show(view.listeners.items, left(view.listeners));
    tables.clusters.show(view.clusters.items, left(view.clusters));
    const endpoints = view.clusters.items.flatMap(item => item.endpoints.items.map(one => ({ cluster: item.name, ...one })));
    tables.endpoints.show(endpoints, left({ items: endpoints, count: view.clusters.items.reduce((sum, item) => sum + item.endpoints.count, 0) }));
    tables.connections.show(view.connections.items, `${format.count(view.connections.items.length)} of ${format.count(view.connections.count)} that fit; ${format.count(view.open_connections)} are open.`);
    tables.rules.show(view.rules.items, left(view.rules));
    const reasons = new Map();
    for (const item of view.listeners.items)
      for (const [reason, count] of Object.entries(item.ends)) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    const ended = [...reasons.values()].reduce((sum, count) => sum + count, 0);
    tables.reasons.show([...reasons].map(([reason, count]) => ({ reason, count, share: count / ended })).toSorted((one, other) => other.count - one.count));
    tables.ends.show(view.abnormal_ends.items, left(view.abnormal_ends));
  };
}
