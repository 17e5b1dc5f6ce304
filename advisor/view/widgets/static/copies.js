// The names of the copies that a tab keeps in its sessionStorage. A copy holds typed text and the mark of the adviser who typed
// it, and it is shown to nobody else: on a shared device, the next adviser logs in in the same tab. Python puts this text
// before lifeline.js.

const KEY = "advisor.unsaved"; // changes that the store does not hold
const UNHEARD = "advisor.unheard"; // answers that Python has not seen
const TOLD = "advisor.told"; // set once somebody was told that text of an adviser waits in this tab

/** Use sessionStorage. It may be switched off: then return null, so that nothing is restored and nothing breaks. */
function storage(use) {
  try {
    return use(window.sessionStorage);
  } catch {
    return null;
  }
}

/** Return the name of a visit's copy: key, owner's mark and visit. Copies from before there were marks have no mark. */
const placed = (key, owner, visit) => `${key}.${owner ? `${owner}.` : ""}${visit}`;
const isCopy = (name) => name.startsWith(`${KEY}.`);
const isKept = (name) => isCopy(name) || name.startsWith(`${UNHEARD}.`);
const ownerOf = (name) => (name.split(".").length > 3 ? name.split(".")[2] : "");

/** Return whether a copy waits for its adviser. Answers that were sent over a good line do not. unsaved.js has the same rule. */
function isWaiting(name) {
  const { sent, answers, length } = JSON.parse(storage((store) => store.getItem(name)));
  return isCopy(name) || (!sent && (answers?.length || length) > 0); // `length`: older copies are a list of answers
}

function placeOf(copy) {
  if (!copy) return "";
  const { owner, visit } = JSON.parse(copy);
  return placed(KEY, owner, visit);
}
