// Numbers and times as people read them. What is not known is an en dash.

const unknown = "–";
const units = ["B", "kB", "MB", "GB", "TB", "PB"];
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

const digits = value => value >= 99.95 ? whole.format(value) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);

export const count = value => value === null || value === undefined ? unknown : whole.format(value);

export function bytes(value) {
  if (value === null || value === undefined) return unknown;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? whole.format(value) : digits(value)} ${units[unit]}`;
}

export const byteRate = value => value === null || value === undefined ? unknown : `${bytes(value)}/s`;

export const rate = value =>
  value === null || value === undefined ? unknown : value === 0 ? "0/s" : value < 0.01 ? "< 0.01/s" : `${value >= 999.5 ? whole.format(value) : digits(value)}/s`;

/** A short time. What is beyond the last bucket of a histogram is Infinity, and the bound is all that is known. */
export function seconds(value, most) {
  if (value === null || value === undefined) return unknown;
  if (value === Infinity) return `> ${most} s`;
  if (value >= 0.9995) return `${digits(value)} s`;
  return value >= 0.0009995 ? `${digits(value * 1000)} ms` : `${Math.round(value * 1e6)} µs`;
}

/** A long time: 3d 4h, 5m 10s. */
export function age(value) {
  const all = Math.floor(value);
  const [days, hours, minutes] = [Math.floor(all / 86400), Math.floor(all / 3600) % 24, Math.floor(all / 60) % 60];
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${all % 60}s` : value < 10 ? `${value.toFixed(1)}s` : `${all}s`;
}

export const clock = date => date.toLocaleTimeString("en-GB");

/** Control characters and those that turn the direction of text, made visible: what is foreign must not look like something else. */
export const visible = text => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD");
