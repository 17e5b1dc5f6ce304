// What a tab keeps of what was typed, in its sessionStorage, and whose that is. It bears the mark of whoever typed it and is
// shown to nobody else: on a shared device the next adviser logs in in the same tab. Python puts this text before lifeline.js.

const KEY = "advisor.unsaved";
const UNHEARD = "advisor.unheard";
const TOLD = "advisor.told"; // it was said that words wait in this tab, and for whom

/** sessionStorage may be switched off; then there is nothing to restore, and nothing breaks. */
function storage(use) {
  try {
    return use(window.sessionStorage);
  } catch {
    return null;
  }
}

/** Where something of a visit is kept; what was kept before there were marks of owners has a name without one. */
const placed = (key, owner, visit) => `${key}.${owner ? `${owner}.` : ""}${visit}`;
const isCopy = (name) => name.startsWith(`${KEY}.`);
const isKept = (name) => isCopy(name) || name.startsWith(`${UNHEARD}.`);
const ownerOf = (name) => (name.split(".").length > 3 ? name.split(".")[2] : "");

/** Whether this waits for whoever typed it: not what went out over a line that was well. unsaved.js asks the same. */
function isWaiting(name) {
  const { sent, answers, length } = JSON.parse(storage((store) => store.getItem(name)));
  return isCopy(name) || (!sent && (answers?.length || length) > 0); // a list, as it was kept before
}

function placeOf(copy) {
  if (!copy) return "";
  const { owner, visit } = JSON.parse(copy);
  return placed(KEY, owner, visit);
}
