// Rates are differences of two answers of /live. A counter that is new, or went back, has none until the next answer.

const perSecond = (before, now, seconds) => before === undefined || now < before || seconds <= 0 ? null : (now - before) / seconds;

const sum = values => values.reduce((total, value) => value === null ? total : (total ?? 0) + value, null);

const all = bytes => bytes.copy + bytes.splice + bytes.pipe + bytes.sockmap + bytes.bypass;

const indexed = (list, key) => new Map((list?.items ?? []).map(item => [key(item), item]));

/** The value that so many of those counted are not above, interpolated within its bucket; null where nothing was counted. */
export function quantile(bounds, counts, share) {
  const total = counts === null ? 0 : counts.reduce((one, other) => one + other, 0);
  if (total === 0) return null;
  let left = share * total;
  for (let i = 0; i < bounds.length; i++) {
    if (left <= counts[i] && counts[i] > 0) {
      const from = i === 0 ? 0 : bounds[i - 1];
      return from + (bounds[i] - from) * left / counts[i];
    }
    left -= counts[i];
  }
  return Infinity;
}

function latency(bounds, before, now) {
  const counts = before === undefined ? null : now.buckets.map((count, i) => count - before.buckets[i]);
  const good = counts === null || counts.some(count => count < 0) ? null : counts;
  return { counts: good, p50: quantile(bounds, good, 0.5), p99: quantile(bounds, good, 0.99) };
}

const add = (one, other) => one === null ? other : other === null ? one : one.map((count, i) => count + other[i]);

function listenerRates(before, now, seconds) {
  const traffic = new Map((before?.traffic ?? []).map(item => [item.cluster, item]));
  const flow = direction => sum(now.traffic.map(item => {
    const earlier = traffic.get(item.cluster);
    return earlier === undefined ? null : perSecond(all(earlier[direction]), all(item[direction]), seconds);
  }));
  const abnormal = before === undefined ? [] : Object.keys(now.ends).filter(reason => reason !== "completed");
  return {
    fromClient: flow("from_client"),
    fromUpstream: flow("from_upstream"),
    accepted: perSecond(before?.accepted, now.accepted, seconds),
    abnormal: before === undefined || seconds <= 0 ? null : sum([0, ...abnormal.map(reason => perSecond(before.ends[reason] ?? 0, now.ends[reason], seconds))]),
  };
}

/** How many connections did not complete between two answers; null where that cannot be known. */
function abnormalBetween(before, now) {
  if (before === null) return null;
  const old = indexed(before.listeners, item => item.name);
  return now.listeners.items.reduce((sum, item) => sum + (old.has(item.name) ? Object.keys(item.ends).filter(reason => reason !== "completed")
    .reduce((more, reason) => more + Math.max(0, item.ends[reason] - (old.get(item.name).ends[reason] ?? 0)), 0) : 0), 0);
}

/**
 * Everything that takes two answers to know: rates since the one before, and quantiles and sums also since an earlier one, about a
 * minute ago. Either may be missing or of another process.
 */
export function differ(before, now, minuteAgo = before) {
  const isSame = before !== null && before.pid === now.pid && before.started_at === now.started_at;
  const seconds = isSame ? now.clock_seconds - before.clock_seconds : 0;
  const earlier = isSame ? before : null;
  const old = isSame && minuteAgo !== null && minuteAgo.pid === now.pid && minuteAgo.started_at === now.started_at ? minuteAgo : earlier;
  const oldClusters = indexed(old?.clusters, item => item.name);
  const bounds = now.latency_bounds_seconds;
  const keyed = (list, key, make) => {
    const known = indexed(earlier?.[list], key);
    return new Map(now[list].items.map(item => [key(item), make(known.get(key(item)), item)]));
  };
  const listeners = keyed("listeners", item => item.name, (old, item) => listenerRates(old, item, seconds));
  const clusters = keyed("clusters", item => item.name, (old, item) => {
    const endpoints = indexed(old?.endpoints, endpoint => endpoint.endpoint);
    return {
      connects: latency(bounds, old?.connects, item.connects),
      waits: latency(bounds, old?.waits, item.waits),
      minute: {
        connects: latency(bounds, oldClusters.get(item.name)?.connects, item.connects),
        waits: latency(bounds, oldClusters.get(item.name)?.waits, item.waits),
      },
      endpoints: new Map(item.endpoints.items.map(endpoint => [endpoint.endpoint, {
        connected: perSecond(endpoints.get(endpoint.endpoint)?.connected, endpoint.connected, seconds),
        failed: perSecond(endpoints.get(endpoint.endpoint)?.failed, endpoint.failed, seconds),
      }])),
    };
  });
  const together = of => [...clusters.values()].map(cluster => of(cluster).counts).reduce(add, null);
  const quantiles = (name, of) => Object.fromEntries([50, 99].map(share => [`${name}${share}`, quantile(bounds, together(of), share / 100)]));
  const total = name => sum([...listeners.values()].map(listener => listener[name]));
  return {
    isRestart: before !== null && !isSame,
    listeners,
    clusters,
    rules: keyed("rules", ruleKey, (old, item) => perSecond(old?.count, item.count, seconds)),
    connections: keyed("connections", item => item.id, (old, item) => old === undefined ? null : perSecond(
      old.bytes_from_client + old.bytes_from_upstream, item.bytes_from_client + item.bytes_from_upstream, seconds)),
    total: {
      fromClient: total("fromClient"),
      fromUpstream: total("fromUpstream"),
      accepted: total("accepted"),
      abnormal: total("abnormal"),
      ...quantiles("connect", cluster => cluster.connects),
      ...quantiles("wait", cluster => cluster.waits),
    },
    minute: {
      ...quantiles("connect", cluster => cluster.minute.connects),
      ...quantiles("wait", cluster => cluster.minute.waits),
      abnormal: abnormalBetween(old, now),
    },
  };
}

/** What tells one rule of the answer from the others. */
export const ruleKey = rule => JSON.stringify([rule.listener, rule.program, rule.rule, rule.verdict, rule.shadow]);
