// The browser's half of domain/splices.py: texts are arrays of code points, an edit is {at, delete, insert: [..]}.

export const points = (text) => Array.from(text);

export const apply = (splice, text) =>
  [...text.slice(0, splice.at), ...splice.insert, ...text.slice(splice.at + splice.delete)];

export function transform(edit, over, earlier) {
  const editEnd = edit.at + edit.delete;
  const overEnd = over.at + over.delete;
  const apartBefore = editEnd <= over.at;
  const apartAfter = overEnd <= edit.at;
  if (apartBefore && !(apartAfter && !earlier)) return edit;
  if (apartAfter) return { ...edit, at: edit.at + over.insert.length - over.delete };
  const head = Math.max(0, over.at - edit.at);
  const tail = Math.max(0, editEnd - overEnd);
  const editFirst = edit.at < over.at || (edit.at === over.at && earlier);
  if (!editFirst) return { at: over.at + over.insert.length, delete: tail, insert: edit.insert };
  if (tail === 0) return { at: edit.at, delete: head, insert: edit.insert };
  return { at: edit.at, delete: head + over.insert.length + tail, insert: [...edit.insert, ...over.insert] };
}

export function difference(before, after) {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { at: head, delete: before.length - head - tail, insert: after.slice(head, after.length - tail) };
}

// Where a caret stands after a splice made elsewhere.
export const moved = (caret, over) =>
  caret <= over.at ? caret : Math.max(over.at, caret - over.delete) + over.insert.length;
