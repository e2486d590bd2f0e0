/** Days, numbers and how sure an answer is, in words. */

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const NUMBER = new Intl.NumberFormat("en-GB");

/** "2022-01-05" as "5 January 2022"; "no date" for null. */
export function sayDay(day) {
  return day === null ? "no date" : DAY.format(new Date(`${day}T00:00:00Z`));
}

export function sayNumber(number) {
  return NUMBER.format(number);
}

export function sayCount(number, one, many) {
  return `${sayNumber(number)} ${number === 1 ? one : many}`;
}

/** How sure, as a word that fits the figure. */
export function saySure(confidence) {
  if (confidence >= 0.85) return "Very likely";
  if (confidence >= 0.6) return "Likely";
  if (confidence >= 0.4) return "Uncertain";
  return "Doubtful";
}

export function sayPercent(confidence) {
  return `${Math.round(confidence * 100)}%`;
}

/** What the figure means, for the tooltip. */
export function explainSure(confidence) {
  const right = Math.round(confidence * 100);
  return (
    `Of 100 answers that Dateline is this sure of, about ${right} answer the question. It says ` +
    "nothing on whether the report itself is right."
  );
}

/** A day that an answer means, unless its text says so itself, year and all; else null. */
export function sayMeantDay(answer) {
  if (!answer.date || answer.text.includes(answer.date.slice(0, 4))) return null;
  return `that is ${sayDay(answer.date)}`;
}
