/** An icon of two chain links, in the colour of the text. */
export function LinkIcon() {
  return (
    <svg aria-hidden viewBox="0 0 24 24" width="1em" height="1em" fill="none" stroke="currentcolor" strokeWidth="2">
      <path d="M10 14a5 5 0 0 0 7 0l3-3a5 5 0 0 0-7-7l-1 1M14 10a5 5 0 0 0-7 0l-3 3a5 5 0 0 0 7 7l1-1" />
    </svg>
  );
}
