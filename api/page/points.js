/**
 * Offsets. The service counts Unicode code points, JavaScript's strings UTF-16 units: a character
 * beyond U+FFFF (an emoji, say) is one of the former and two of the latter.
 */

/** The UTF-16 index of each offset, in the order given, which has to be ascending. */
export function unitsAt(text, points) {
  const found = [];
  let unit = 0;
  let point = 0;
  for (const wanted of points) {
    while (point < wanted && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    found.push(unit);
  }
  return found;
}

/** The text cut in three at two offsets. */
export function cut(text, start, end) {
  const [from, to] = unitsAt(text, [start, end]);
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
}
