// The page of one incident: drafts of what is typed, and pictures that Escape blurs again.
import "./drafts";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const picture of document.querySelectorAll<HTMLDetailsElement>("details.shade[open]")) picture.open = false;
});
